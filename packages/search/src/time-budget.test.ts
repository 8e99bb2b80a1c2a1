import { describe, expect, it } from "vitest";
import { startTimeBudget } from "./time-budget.ts";

function workFor(processorMs: number): void {
  const before = process.threadCpuUsage();
  for (;;) {
    const { user, system } = process.threadCpuUsage(before);
    if ((user + system) / 1000 > processorMs) return;
  }
}

describe("time budget", () => {
  it("is used up by work", () => {
    const hasTime = startTimeBudget(20);
    expect(hasTime()).toBe(true);
    workFor(40);
    expect(hasTime()).toBe(false);
  });

  it("is not used up by waiting", async () => {
    const hasTime = startTimeBudget(30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(hasTime()).toBe(true);
  });

  it("can be asked for a share of it", () => {
    const hasTime = startTimeBudget(10_000);
    workFor(30);
    expect(hasTime(0.001)).toBe(false);
    expect(hasTime()).toBe(true);
  });
});
