/** What can go wrong with a call, told so that a person can act on it. */

export type ApiErrorKind = "problem" | "unreachable" | "unreadable";

export interface ApiErrorFacts {
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Code of the API's error table, or "" when the answer had none. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** How many songs are missing (TOO_FEW_SONGS). */
  readonly missing: number | null;
  /** Ids that the catalogue does not know (SONG_UNKNOWN). */
  readonly unknown: readonly string[];
  readonly retryAfterMs: number | null;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly facts: ApiErrorFacts;

  constructor(facts: ApiErrorFacts, cause?: unknown) {
    super(facts.detail || facts.title, { cause });
    this.facts = facts;
  }
}

export interface ErrorWording {
  readonly title: string;
  readonly detail: string;
  /** What the reader can do next. */
  readonly advice: string;
  readonly isRetryable: boolean;
}

const ADVICE: Readonly<Record<string, string>> = {
  REQUEST_INVALID: "Change the picks and try again.",
  SONG_UNKNOWN: "Remove the songs that this catalogue does not have, then try again.",
  TOO_FEW_SONGS: "Pick the missing songs, then try again.",
  UNAUTHENTICATED: "Open the page at the address that Segue printed when it started.",
  RECEIPT_UNKNOWN: "Results are kept for 30 days. Continue the list again to get a new one.",
  MODEL_GONE: "The model has been replaced since. Continue the list again to use today's model.",
  OVERLOADED: "Many people are asking at this moment. Wait a little, then try again.",
  DEADLINE_EXCEEDED: "The computation took too long. Trying again usually helps.",
  SHARD_MISSING: "A part of the model is not running. It often returns within seconds.",
  MODEL_NOT_LOADED: "The model is still loading. Try again in a few seconds.",
};

/** Words for any error that a call can end with. */
export function errorWording(error: unknown): ErrorWording {
  if (!(error instanceof ApiError)) {
    return {
      title: "Something went wrong in this page",
      detail: error instanceof Error ? error.message : String(error),
      advice: "Reload the page; your picks are kept.",
      isRetryable: true,
    };
  }
  const { kind, status, code, title, detail } = error.facts;
  if (kind === "unreachable") {
    return {
      title: "Segue cannot be reached",
      detail: "There is no connection to the server at the moment.",
      advice: "The page keeps trying and goes on by itself; your picks are kept.",
      isRetryable: true,
    };
  }
  return {
    title,
    detail,
    advice: ADVICE[code] ?? (status >= 500 ? "Try again in a moment." : "Check the input."),
    isRetryable: status >= 500 || status === 429 || kind === "unreadable",
  };
}
