/** What a breaker does, in words. */
import type { BreakerState } from "../api/system-wire.ts";

export function breakerWording({ state, failures }: BreakerState): string {
  const after =
    failures === 0 ? "" : ` after ${failures} ${failures === 1 ? "failure" : "failures"}`;
  if (state === "open") return `open${after}`;
  if (state === "half-open") return "half-open, one try";
  return failures === 0 ? "closed" : `closed, ${failures} in a row failed`;
}
