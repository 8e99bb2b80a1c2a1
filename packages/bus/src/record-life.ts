/** How long a record is worth handling: a span in a header, counted from the record's time. */
import { HEADERS } from "@segue/contracts";
import type { BusRecord } from "./bus.ts";

/** What is left of its life in milliseconds, at most 0 when it is over; infinite where it has none. */
export function lifeLeftMs(
  { headers, timestampMs }: Pick<BusRecord, "headers" | "timestampMs">,
  nowMs: number,
): number {
  const lifeMs = Number(headers[HEADERS.life] ?? Number.POSITIVE_INFINITY);
  return Number.isNaN(lifeMs) ? Number.POSITIVE_INFINITY : timestampMs + lifeMs - nowMs;
}

/** The header for a record that is worth handling for so long; none for an infinite span. */
export function lifeHeader(lifeMs: number): Record<string, string> {
  return Number.isFinite(lifeMs) ? { [HEADERS.life]: lifeMs.toFixed(3) } : {};
}
