import { codeFactsFor, type ErrorCode } from "./code-table.ts";

/** Facts of one case that a caller can act on, such as `{ missing: 2 }`. Plain JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error type that crosses a boundary. The message says what happened and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: ErrorDetails } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? {};
  }

  get isRetryable(): boolean {
    return codeFactsFor(this.code).isRetryable;
  }
}

/** Whatever was thrown, as an AppError; an unknown thing is INTERNAL and keeps its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError("INTERNAL", text, { cause: thrown });
}

/** A bug, not an error: throws when a condition that the code guarantees does not hold. */
export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Error(`Invariant violated: ${claim}`);
}
