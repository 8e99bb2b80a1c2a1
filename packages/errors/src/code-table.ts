/**
 * The one table of error codes. Codes are never reused or renamed; `docs/reference/errors.md`
 * is generated from here.
 */

export interface CodeFacts {
  /** HTTP status, or null for a code that never reaches an HTTP caller. */
  readonly httpStatus: number | null;
  /** Numeric gRPC status (https://grpc.github.io/grpc/core/md_doc_statuscodes.html), or null. */
  readonly grpcStatus: number | null;
  /** Whether the same call may succeed later without change. */
  readonly isRetryable: boolean;
  readonly title: string;
  /** Who acts, and what they do. */
  readonly action: string;
}

export const CODE_TABLE = {
  CONFIG_INVALID: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The configuration is not valid",
    action: "Operator: correct the named setting and start again.",
  },
  REQUEST_INVALID: {
    httpStatus: 400,
    grpcStatus: 3,
    isRetryable: false,
    title: "The request is not valid",
    action: "Caller: correct the request as the detail says.",
  },
  UNAUTHENTICATED: {
    httpStatus: 403,
    grpcStatus: 16,
    isRetryable: false,
    title: "This caller is not allowed",
    action: "Caller: call from an allowed host and origin; operator: see SEGUE_ALLOWED_HOSTS.",
  },
  ROUTE_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 12,
    isRetryable: false,
    title: "There is nothing at this address",
    action: "Caller: see /docs for the calls there are.",
  },
  SONG_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 5,
    isRetryable: false,
    title: "The catalogue has no such song",
    action: "Caller: search for the song and use the id found. Inside a request body: 400.",
  },
  USER_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 5,
    isRetryable: false,
    title: "There is no such user",
    action: "Caller: check the name.",
  },
  PLAY_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 5,
    isRetryable: false,
    title: "There is no such play",
    action: "Caller: check the user and the key; the play may have been taken back already.",
  },
  RECEIPT_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 5,
    isRetryable: false,
    title: "There is no such receipt",
    action: "Caller: check the request id; receipts are kept for 30 days.",
  },
  PROCESS_UNKNOWN: {
    httpStatus: 404,
    grpcStatus: 5,
    isRetryable: false,
    title: "There is no such process",
    action: "Operator: see `segue cluster status` for the names of the processes.",
  },
  CLUSTER_UNAVAILABLE: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "The supervisor of the local cluster does not answer",
    action: "Operator: see whether `segue cluster up` still runs, and start it again.",
  },
  CLUSTER_RUNNING: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "A cluster runs from this folder already",
    action: "Operator: use it, or end it with `segue cluster down`.",
  },
  MODEL_GONE: {
    httpStatus: 410,
    grpcStatus: 5,
    isRetryable: false,
    title: "The model version of this receipt is gone",
    action: "Caller: ask without replay=true for the stored answer.",
  },
  TOO_FEW_SONGS: {
    httpStatus: 400,
    grpcStatus: 9,
    isRetryable: false,
    title: "Too few songs",
    action: "Caller: add as many songs as the field `missing` says.",
  },
  PAYLOAD_TOO_LARGE: {
    httpStatus: 413,
    grpcStatus: 8,
    isRetryable: false,
    title: "The request is too large",
    action: "Caller: send less at once.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    httpStatus: 415,
    grpcStatus: 3,
    isRetryable: false,
    title: "The content type is not supported",
    action: "Caller: send application/json.",
  },
  OVERLOADED: {
    httpStatus: 429,
    grpcStatus: 8,
    isRetryable: true,
    title: "Too many requests",
    action: "Caller: wait as long as Retry-After says.",
  },
  CANCELLED: {
    httpStatus: 499,
    grpcStatus: 1,
    isRetryable: false,
    title: "The caller went away",
    action: "Nobody: it is not an error of the service.",
  },
  DEADLINE_EXCEEDED: {
    httpStatus: 504,
    grpcStatus: 4,
    isRetryable: true,
    title: "No answer within the deadline",
    action: "Caller: try again; operator: look at /v1/system for the slow process.",
  },
  BUS_UNAVAILABLE: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "The message bus does not answer",
    action: "Operator: check the brokers that the detail names.",
  },
  STORE_UNAVAILABLE: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "The database does not answer",
    action: "Operator: check the database, its disk and its lock.",
  },
  STORE_SCHEMA_UNKNOWN: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "Another version of Segue wrote the database",
    action: "Operator: run the version that the detail names, or use another data folder.",
  },
  SEARCH_UNAVAILABLE: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "The catalogue search does not answer",
    action: "Caller: try again in a second; operator: look for search.failed in the log.",
  },
  SHARD_MISSING: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "No living replica serves a part of the model",
    action: "Operator: start the stage or shard that the detail names.",
  },
  MODEL_NOT_LOADED: {
    httpStatus: 503,
    grpcStatus: 14,
    isRetryable: true,
    title: "The model is not loaded",
    action:
      "Operator: train or register a model; look for MODEL_CHECKSUM_MISMATCH in the compute logs.",
  },
  MODEL_CHECKSUM_MISMATCH: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The model's weights are damaged",
    action: "Operator: register the model again from its file.",
  },
  MODEL_INVALID: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The model file cannot be used",
    action: "Operator: train or export it again.",
  },
  TRAINING_DATA_INSUFFICIENT: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "There is too little to train on",
    action: "Operator: import more sessions, or lower --min-support.",
  },
  TRAINING_DIVERGED: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The training ran away",
    action: "Operator: train again with a lower learning rate.",
  },
  TRAINING_STATE_MISMATCH: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The saved training state belongs to another run",
    action: "Operator: give the same sessions and settings, or another folder.",
  },
  IMPORT_INVALID: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "The file cannot be imported",
    action: "Operator: correct the file as the detail says; nothing of the failed part was stored.",
  },
  MESSAGE_UNREADABLE: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: false,
    title: "A message could not be read",
    action: "Developer: look at it in the dead-letter topic.",
  },
  SERVICE_MISSING: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: true,
    title: "A service that the cluster needs is not there",
    action:
      "Operator: give its address, or let it be set up in one of the ways that the detail names.",
  },
  SERVICE_FAILED: {
    httpStatus: null,
    grpcStatus: null,
    isRetryable: true,
    title: "A program of the cluster did not start",
    action: "Operator: read the end of its log in the detail.",
  },
  TOTAL_OUT_OF_RANGE: {
    httpStatus: null,
    grpcStatus: 11,
    isRetryable: false,
    title: "A total does not fit the answer",
    action: "Caller: use the streaming call that the message names, whose totals are 64 bits wide.",
  },
  ANALYTICS_UNAVAILABLE: {
    httpStatus: null,
    grpcStatus: 14,
    isRetryable: true,
    title: "The analytics services do not answer",
    action: "Caller: try again in a second; operator: see whether they run where the detail says.",
  },
  INTERNAL: {
    httpStatus: 500,
    grpcStatus: 13,
    isRetryable: false,
    title: "Segue made a mistake",
    action: "Developer: find the request id in the log.",
  },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof CODE_TABLE;

export function codeFactsFor(code: ErrorCode): CodeFacts {
  return CODE_TABLE[code];
}
