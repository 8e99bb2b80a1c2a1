/** How a command ends: exit codes that a shell can tell apart, and errors a person can act on. */
import { type AppError, type ErrorCode, toAppError, toProblem } from "@segue/errors";
import { printableLines } from "./printable.ts";

export const EXIT_CODES = {
  fine: 0,
  failed: 1,
  usage: 2,
  unavailable: 3,
  interrupted: 130,
} as const;

const USAGE_CODES: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "REQUEST_INVALID",
  "SONG_UNKNOWN",
  "TOO_FEW_SONGS",
  "IMPORT_INVALID",
]);

export function exitCodeFor(thrown: unknown): number {
  const error = toAppError(thrown);
  if (error.code === "CANCELLED") return EXIT_CODES.interrupted;
  if (USAGE_CODES.has(error.code)) return EXIT_CODES.usage;
  return error.isRetryable ? EXIT_CODES.unavailable : EXIT_CODES.failed;
}

/** On stderr: with `--json` a problem document, else the message and, when it is a bug, its stack. */
export function printError(thrown: unknown, isJson: boolean): void {
  const error = toAppError(thrown);
  if (isJson) {
    console.error(JSON.stringify({ ...toProblem(error), detail: error.message }));
    return;
  }
  console.error(`[${error.code}] ${printableLines(error.message)}`);
  if (error.code === "INTERNAL") console.error(stackOf(error));
}

function stackOf(error: AppError): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.stack ?? String(cause);
}
