import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Breaker,
  breakerAllows,
  breakerChosen,
  breakerFailed,
  breakerReleased,
  breakerSucceeded,
  newBreaker,
} from "./breaker.ts";

const options = {
  failuresMax: 2,
  backoffMsMin: 500,
  backoffMsMax: 4_000,
  decayMs: 10_000,
  probeTimeoutMs: 6_000,
};

/** Opens at `nowMs` by failures of requests sent at that time. */
function opened(breaker: Breaker, nowMs: number): Breaker {
  const once = breakerFailed(breaker, options, nowMs, nowMs);
  return breakerFailed(once, options, nowMs, nowMs);
}

/** The probe of an open breaker, sent and failed at the first moment it may be. */
function failedProbe(breaker: Breaker): Breaker {
  const dueMs = breaker.sinceMs + breaker.backoffMs;
  return breakerFailed(breakerChosen(breaker, dueMs), options, dueMs, dueMs);
}

describe("breaker", () => {
  test("stays closed while failures do not come in a row", () => {
    let breaker = newBreaker(0);
    for (let nowMs = 0; nowMs < 10; nowMs += 1) {
      breaker = breakerFailed(breaker, options, nowMs, nowMs);
      breaker = breakerSucceeded(breaker, nowMs, nowMs);
    }
    expect(breaker.state).toBe("closed");
  });

  test("opens at the second failure in a row and allows nothing until its back-off has passed", () => {
    const breaker = opened(newBreaker(0), 100);
    expect(breaker.state).toBe("open");
    expect(breakerAllows(breaker, options, 599)).toBe(false);
    expect(breakerAllows(breaker, options, 600)).toBe(true);
  });

  test("lets exactly one probe through", () => {
    const probing = breakerChosen(opened(newBreaker(0), 100), 600);
    expect(probing.state).toBe("half-open");
    expect(breakerAllows(probing, options, 601)).toBe(false);
  });

  test("closes when the probe succeeds", () => {
    const probing = breakerChosen(opened(newBreaker(0), 100), 600);
    expect(breakerSucceeded(probing, 600, 650)).toMatchObject({ state: "closed", failures: 0 });
  });

  test("doubles its back-off with each failed probe, up to the cap", () => {
    let breaker = opened(newBreaker(0), 0);
    const backoffs = [breaker.backoffMs];
    for (let probe = 0; probe < 4; probe += 1) {
      breaker = failedProbe(breaker);
      backoffs.push(breaker.backoffMs);
    }
    expect(backoffs).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });

  test("forgets its back-off by halves while it is closed", () => {
    const longOpen = failedProbe(failedProbe(opened(newBreaker(0), 0)));
    const dueMs = longOpen.sinceMs + longOpen.backoffMs;
    const closed = breakerSucceeded(breakerChosen(longOpen, dueMs), dueMs, dueMs);
    expect(opened(closed, dueMs + 1).backoffMs).toBe(4_000);
    expect(opened(closed, dueMs + 20_000).backoffMs).toBe(1_000);
    expect(opened(closed, dueMs + 1_000_000).backoffMs).toBe(500);
  });

  test("counts one outage once, however many requests were out when it began", () => {
    let breaker = opened(newBreaker(0), 100);
    for (let failure = 0; failure < 20; failure += 1) {
      breaker = breakerFailed(breaker, options, 90, 200);
    }
    expect(breaker.backoffMs).toBe(500);
    const probing = breakerChosen(breaker, 600);
    expect(breakerFailed(probing, options, 90, 650)).toEqual(probing);
  });

  test("is not closed by an answer to a request that was sent before it opened", () => {
    const breaker = opened(newBreaker(0), 100);
    expect(breakerSucceeded(breaker, 90, 200)).toEqual(breaker);
    const probing = breakerChosen(breaker, 600);
    expect(breakerSucceeded(probing, 90, 610)).toEqual(probing);
  });

  test("allows another probe when one ended without telling anything, or was never heard of", () => {
    const probing = breakerChosen(opened(newBreaker(0), 100), 600);
    expect(breakerAllows(breakerReleased(probing, 600, 700), options, 700)).toBe(true);
    expect(breakerAllows(probing, options, 6_600)).toBe(true);
  });

  test("never has more than one probe out, whatever happens", () => {
    const someSteps = fc.array(
      fc.record({
        kind: fc.constantFrom("send" as const, "succeed" as const, "fail" as const),
        afterMs: fc.nat(900),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(someSteps, (steps) => {
        let breaker = newBreaker(0);
        let nowMs = 0;
        const probes: number[] = [];
        for (const { kind, afterMs } of steps) {
          nowMs += afterMs;
          if (kind === "send" && breakerAllows(breaker, options, nowMs)) {
            if (breaker.state !== "closed") {
              expect(probes.every((sentAtMs) => nowMs - sentAtMs >= 6_000)).toBe(true);
              probes.push(nowMs);
            }
            breaker = breakerChosen(breaker, nowMs);
          }
          const sentAtMs = probes.at(-1);
          if (kind === "send" || sentAtMs === undefined) {
            if (kind === "fail") breaker = breakerFailed(breaker, options, nowMs, nowMs);
            continue;
          }
          probes.length = 0;
          breaker =
            kind === "fail"
              ? breakerFailed(breaker, options, sentAtMs, nowMs)
              : breakerSucceeded(breaker, sentAtMs, nowMs);
        }
      }),
    );
  });
});
