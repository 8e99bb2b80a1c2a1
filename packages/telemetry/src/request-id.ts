/** The id that follows one request through every process and log line. */
import { randomUUID } from "node:crypto";

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** A caller's id when it is 1 to 64 letters, digits, dots, dashes or underscores; else a new one. */
export function requestIdFor(offered: string | undefined): string {
  return offered !== undefined && isRequestId(offered) ? offered : randomUUID();
}

export function isRequestId(text: string): boolean {
  return ACCEPTED.test(text);
}
