/** What went wrong in a call, as an error that names the service and says what to do. */
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@segue/contracts/error-details";
import { AppError, type ErrorCode, toAppError } from "@segue/errors";
import type { AnalyticsService } from "./analytics-service.ts";
import type { LineMap } from "./line-map.ts";

/**
 * Of a call that carries plays.
 * @param lines where the rows that were sent come from, for an answer that names one
 */
export function fromServiceError(
  thrown: unknown,
  service: AnalyticsService,
  lines: LineMap,
): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = ConnectError.from(thrown);
  const place = placeOf(error, lines);
  return serviceError(error, service, actionFor(error), place === undefined ? "" : `, ${place}`);
}

/**
 * Of the question whether a service is there.
 * @param askMs how long it had to answer
 */
export function fromAskingError(
  thrown: unknown,
  service: AnalyticsService,
  askMs: number,
): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = ConnectError.from(thrown);
  if (isForeign(error)) return serviceError(error, service, FOREIGN);
  if (error.code !== Code.DeadlineExceeded) return serviceError(error, service, actionFor(error));
  const { title, address } = service;
  return new AppError(
    "DEADLINE_EXCEEDED",
    `${title} at ${address} did not say within ${askMs / 1000} s that it is there. Start it there, look why it is slow, or correct its address.`,
    { cause: thrown, details: { service: title, address } },
  );
}

function serviceError(
  error: ConnectError,
  { title, address }: AnalyticsService,
  { code, advice }: Action,
  place = "",
): AppError {
  return new AppError(
    code,
    `${title} at ${address}${place}: ${error.rawMessage}${endOf(error.rawMessage)} ${advice}`,
    { cause: error, details: { service: title, address } },
  );
}

function actionFor(error: ConnectError): Action {
  const [info] = error.findDetails(ErrorInfoSchema);
  if (info?.reason === "OVERLOADED") return BUSY;
  return isConnectionLost(error) ? LOST : (ACTIONS[error.code] ?? OTHER);
}

/**
 * As of a server that speaks HTTP/1.1. Only of the first word between the two: where a service has
 * answered before, the same error says that the connection was damaged.
 */
function isForeign({ cause }: ConnectError): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_HTTP2_ERROR";
}

/** Whether a call that was under way may go better at once: its server has gone, or said that it goes. */
export function isCallLost(thrown: unknown): boolean {
  const { cause } = thrown instanceof AppError ? thrown : {};
  if (!(cause instanceof ConnectError)) return false;
  return isConnectionLost(cause) || cause.code === Code.Unavailable;
}

/** What happened to a call that is lost, for whom it is made again. */
export function lossOf(thrown: unknown): string {
  const { details, message } = toAppError(thrown);
  const { service, address } = details;
  if (service === undefined) return message;
  return `${String(service)} at ${String(address)} went away under way, and what it had counted with it.`;
}

/** By nobody's word, as when the process of a server dies. Our own end of a call is none of these. */
function isConnectionLost({ code, cause }: ConnectError): boolean {
  if (code === Code.Canceled || code === Code.Aborted) return true;
  return code === Code.Internal && cause instanceof Error && "code" in cause;
}

interface Action {
  readonly code: ErrorCode;
  readonly advice: string;
}

const ACTIONS: Readonly<Partial<Record<Code, Action>>> = {
  [Code.Unavailable]: {
    code: "ANALYTICS_UNAVAILABLE",
    advice: "Start it there or correct its address; without any address segue starts its own.",
  },
  [Code.Unimplemented]: {
    code: "ANALYTICS_UNAVAILABLE",
    advice: "That address is not this service's; correct it.",
  },
  [Code.DeadlineExceeded]: {
    code: "DEADLINE_EXCEEDED",
    advice: "Try again, give it longer with --timeout, or look why it is slow.",
  },
  [Code.InvalidArgument]: {
    code: "REQUEST_INVALID",
    advice: "Correct the file and run it again.",
  },
  [Code.OutOfRange]: {
    code: "REQUEST_INVALID",
    advice: "Call a Segue server, whose streaming calls count in 64 bits, or give fewer plays.",
  },
  [Code.ResourceExhausted]: {
    code: "PAYLOAD_TOO_LARGE",
    advice:
      "Its messages are limited: raise its limit, or call a Segue server, which takes plays in batches.",
  },
};

const LOST: Action = {
  code: "ANALYTICS_UNAVAILABLE",
  advice: "It went away under way, and keeps nothing; run it again.",
};

const BUSY: Action = {
  code: "OVERLOADED",
  advice: "Try again when it has less to do.",
};

const FOREIGN: Action = {
  code: "ANALYTICS_UNAVAILABLE",
  advice: "What answers there does not speak gRPC; correct the address.",
};

/** Whatever else a server answers, somebody has to look at that server. */
const OTHER: Action = {
  code: "ANALYTICS_UNAVAILABLE",
  advice: "Look into the log of the service, and try again.",
};

/** Our servers begin such a message with "Batch 3, row 17", and of a unary call with "Record 17". */
function placeOf({ rawMessage }: ConnectError, lines: LineMap): string | undefined {
  const [, batch, row] = /\bBatch (\d+), row (\d+)\b/.exec(rawMessage) ?? [];
  const [, record] = /\bRecord (\d+)\b/.exec(rawMessage) ?? [];
  const place =
    batch === undefined
      ? lines.placeOf(Number(record))
      : lines.placeInBatch(Number(batch), Number(row));
  return place === undefined ? undefined : `${place.file} line ${place.line}`;
}

function endOf(message: string): string {
  return /[.!?]$/.test(message) ? "" : ".";
}
