/**
 * A breaker for one replica, as states:
 * - closed: used; failures in a row are counted, and at `failuresMax` it opens;
 * - open: not used until its back-off has passed;
 * - half-open: exactly one request is out to probe it; how that ends closes or opens it.
 * Each opening doubles the back-off up to a cap; time spent closed halves it again.
 */

export interface Breaker {
  readonly state: "closed" | "open" | "half-open";
  /** When this state began. Requests sent before that say nothing about it when they end. */
  readonly sinceMs: number;
  /** In a row, up to now. */
  readonly failures: number;
  /** The last opening's, 0 before the first. */
  readonly backoffMs: number;
}

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
  /** The back-off halves for each such span spent closed. */
  readonly decayMs: number;
  /** A probe of which nothing is heard for so long does not count as out any more. */
  readonly probeTimeoutMs: number;
}

export const BREAKER_DEFAULTS: BreakerOptions = {
  failuresMax: 2,
  backoffMsMin: 500,
  backoffMsMax: 30_000,
  decayMs: 30_000,
  probeTimeoutMs: 6_000,
};

export function newBreaker(nowMs: number): Breaker {
  return { state: "closed", sinceMs: nowMs, failures: 0, backoffMs: 0 };
}

/** Whether a request may be sent now; sending it must then be told by `breakerChosen`. */
export function breakerAllows(breaker: Breaker, options: BreakerOptions, nowMs: number): boolean {
  switch (breaker.state) {
    case "closed":
      return true;
    case "open":
      return nowMs >= breaker.sinceMs + breaker.backoffMs;
    case "half-open":
      return nowMs >= breaker.sinceMs + options.probeTimeoutMs;
  }
}

/** A request is sent: on a breaker that is not closed it is the probe. */
export function breakerChosen(breaker: Breaker, nowMs: number): Breaker {
  return breaker.state === "closed" ? breaker : { ...breaker, state: "half-open", sinceMs: nowMs };
}

export function breakerSucceeded(breaker: Breaker, sentAtMs: number, nowMs: number): Breaker {
  if (breaker.state === "open" || sentAtMs < breaker.sinceMs) return breaker;
  if (breaker.state === "closed") return { ...breaker, failures: 0 };
  return { ...breaker, state: "closed", sinceMs: nowMs, failures: 0 };
}

export function breakerFailed(
  breaker: Breaker,
  options: BreakerOptions,
  sentAtMs: number,
  nowMs: number,
): Breaker {
  if (breaker.state === "open" || sentAtMs < breaker.sinceMs) return breaker;
  const failures = breaker.failures + 1;
  if (breaker.state === "closed" && failures < options.failuresMax) return { ...breaker, failures };
  const closedForMs = breaker.state === "closed" ? nowMs - breaker.sinceMs : 0;
  const doubled = (2 * breaker.backoffMs) / 2 ** Math.floor(closedForMs / options.decayMs);
  return {
    state: "open",
    sinceMs: nowMs,
    failures,
    backoffMs: Math.min(options.backoffMsMax, Math.max(options.backoffMsMin, doubled)),
  };
}

/** The request ended without telling anything of this replica; another one may probe at once. */
export function breakerReleased(breaker: Breaker, sentAtMs: number, nowMs: number): Breaker {
  if (breaker.state !== "half-open" || sentAtMs < breaker.sinceMs) return breaker;
  return { ...breaker, state: "open", sinceMs: nowMs - breaker.backoffMs };
}
