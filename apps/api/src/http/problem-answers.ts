/** Every failure as an application/problem+json answer from the code table. */

import { AppError, codeFactsFor, type Problem, toAppError, toProblem } from "@segue/errors";
import { type ConnectionError, errorCodes, type FastifyError, type FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** An error, and the status where it is not the code's own. */
export interface Failure {
  readonly error: AppError;
  readonly status?: number;
}

const RETRY_AFTER_SECONDS_DEFAULT = 1;
/** So many problems of one request are listed. */
const ISSUES_MAX = 10;

export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof AppError) return { error: thrown, ...statusInBody(thrown) };
  if (hasZodFastifySchemaValidationErrors(thrown)) return { error: fromValidation(thrown) };
  return fromFastifyError(thrown);
}

export function sendProblem(reply: FastifyReply, failure: Failure): FastifyReply {
  const problem = problemOf(failure);
  const retryAfterSeconds = retryAfterSecondsOf(failure.error, problem.status);
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

export function problemOf({ error, status }: Failure): Problem {
  // A code that should never reach a caller did: what it says is not for callers either.
  const isForCallers = codeFactsFor(error.code).httpStatus !== null;
  const shown = isForCallers ? error : new AppError("INTERNAL", error.message, { cause: error });
  return toProblem(shown, isForCallers ? status : undefined);
}

/** Who is told to slow down is always told for how long. */
function retryAfterSecondsOf({ details }: AppError, status: number): number | undefined {
  const stated = details["retryAfterSeconds"];
  if (typeof stated === "number") return stated;
  return status === 429 ? RETRY_AFTER_SECONDS_DEFAULT : undefined;
}

/** The answer to bytes that are no HTTP request, as the bytes of a response. */
export function rawProblem(error: ConnectionError): string {
  const [status, reason, detail] = rawStatusOf(error.code);
  const problem = problemOf({ error: new AppError("REQUEST_INVALID", detail), status });
  const body = JSON.stringify(problem);
  return (
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

function rawStatusOf(code: string): [number, string, string] {
  if (code === "HPE_HEADER_OVERFLOW") {
    const detail = "The address and headers are too long; send less than 16 KiB";
    return [431, "Request Header Fields Too Large", detail];
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return [408, "Request Timeout", "The request did not arrive in time; send it again at once"];
  }
  return [400, "Bad Request", "These bytes are no HTTP request"];
}

/** SONG_UNKNOWN is 404 by path; where the details name ids, they came in a body. */
function statusInBody({ code, details }: AppError): Pick<Failure, "status"> {
  return code === "SONG_UNKNOWN" && "unknown" in details ? { status: 400 } : {};
}

function fromValidation(error: {
  validationContext?: string;
  validation: readonly { instancePath: string; message?: string | undefined }[];
}): AppError {
  const where = error.validationContext ?? "request";
  const issues = error.validation.slice(0, ISSUES_MAX).map(({ instancePath, message }) => ({
    path: instancePath,
    message: message ?? "is not valid",
  }));
  const first = issues[0];
  const detail = `${where}${first?.path ?? ""}: ${first?.message ?? "is not valid"}; see /docs`;
  return new AppError("REQUEST_INVALID", detail, { details: { in: where, issues } });
}

function fromFastifyError(thrown: unknown): Failure {
  const { code, statusCode, message } = toFastifyFacts(thrown);
  if (thrown instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) {
    return { error: new AppError("PAYLOAD_TOO_LARGE", "The body is larger than 1 MiB") };
  }
  if (thrown instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) {
    const detail = "The body must be JSON; send it with Content-Type: application/json";
    return { error: new AppError("UNSUPPORTED_MEDIA_TYPE", detail) };
  }
  if (code === "FST_ERR_HANDLER_TIMEOUT") {
    return { error: new AppError("DEADLINE_EXCEEDED", message, { cause: thrown }) };
  }
  if (statusCode >= 400 && statusCode < 500) {
    const error = new AppError("REQUEST_INVALID", message, { cause: thrown });
    return { error, status: statusCode };
  }
  return { error: toAppError(thrown) };
}

function toFastifyFacts(thrown: unknown): { code: string; statusCode: number; message: string } {
  if (!(thrown instanceof Error)) return { code: "", statusCode: 500, message: String(thrown) };
  const { code = "", statusCode = 500, message } = thrown as Partial<FastifyError> & Error;
  return { code, statusCode, message };
}
