import { describe, expect, it } from "vitest";
import type { Outcome } from "../load/outcome.ts";
import { summarizeFault } from "./fault-summary.ts";

const WINDOW = { name: "kill broker-1", beforeFromMs: 0, faultAtMs: 1_000, endMs: 3_000 };

function outcomesEvery50Ms(latencyMsAt: (sentAtMs: number) => number | undefined): Outcome[] {
  return Array.from({ length: 60 }, (_, index) => {
    const latencyMs = latencyMsAt(index * 50);
    return { question: 0, sentAtMs: index * 50, ...(latencyMs === undefined ? {} : { latencyMs }) };
  });
}

describe("the summary of a fault", () => {
  it("tells how much slower the slowest became and when that was over", () => {
    const outcomes = outcomesEvery50Ms((sentAtMs) =>
      sentAtMs >= 1_000 && sentAtMs <= 1_500 ? 2_500 - sentAtMs : 20,
    );
    expect(summarizeFault(WINDOW, outcomes, [])).toMatchObject({
      requests: 60,
      before: { latencyMsP50: 20, latencyMsP99: 20 },
      during: { latencyMsP50: 20, latencyMsP99: 1_500 },
      addedMsP99: 1_480,
      recoveryMs: 500,
    });
  });

  it("takes an unanswered request as endlessly slow", () => {
    const outcomes = outcomesEvery50Ms((sentAtMs) => (sentAtMs === 1_200 ? undefined : 20));
    expect(summarizeFault(WINDOW, outcomes, [])).toMatchObject({
      addedMsP99: Number.POSITIVE_INFINITY,
      recoveryMs: 200,
    });
  });

  it("counts only what was found among its own requests", () => {
    const finding = { fault: "wrong", requestId: "r", detail: "" } as const;
    const summary = summarizeFault(
      WINDOW,
      outcomesEvery50Ms(() => 20),
      [
        { ...finding, sentAtMs: 2_000 },
        { ...finding, sentAtMs: 5_000 },
      ],
    );
    expect(summary.found).toMatchObject({ wrong: 1, failed: 0 });
  });
});
