import type { AppError } from "./app-error.ts";
import { codeFactsFor } from "./code-table.ts";

/** RFC 9457 problem document, with our code and the fields of the case beside it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [field: string]: unknown;
}

/**
 * Maps an error to what an HTTP caller sees. The text of an INTERNAL error stays inside: it may
 * carry paths or data. `status` overrides the table where one code has two (SONG_UNKNOWN in a body).
 */
export function toProblem(error: AppError, status?: number): Problem {
  const facts = codeFactsFor(error.code);
  return {
    ...error.details,
    type: `/docs/errors#${error.code}`,
    title: facts.title,
    status: status ?? facts.httpStatus ?? 500,
    detail:
      error.code === "INTERNAL"
        ? "Something went wrong inside Segue; quote the request id to its operator."
        : error.message,
    code: error.code,
  };
}
