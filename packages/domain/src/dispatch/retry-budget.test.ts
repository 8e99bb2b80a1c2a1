import { describe, expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

describe("retry budget", () => {
  test("allows its reserve, then a tenth of the requests", () => {
    const budget = new RetryBudget({ retriesPerRequest: 0.1, reserve: 3 });
    expect([1, 2, 3, 4].map(() => budget.takeRetry())).toEqual([true, true, true, false]);
    for (let request = 0; request < 21; request += 1) budget.onRequest();
    expect([1, 2, 3].map(() => budget.takeRetry())).toEqual([true, true, false]);
  });

  test("does not grow beyond its reserve", () => {
    const budget = new RetryBudget({ retriesPerRequest: 1, reserve: 2 });
    for (let request = 0; request < 100; request += 1) budget.onRequest();
    expect([1, 2, 3].map(() => budget.takeRetry())).toEqual([true, true, false]);
  });
});
