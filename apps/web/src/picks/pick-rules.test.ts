import { describe, expect, it } from "vitest";
import { canContinue, continueLabel, isSameOrder } from "./pick-rules.ts";

describe("pick rules", () => {
  it("says how many songs are missing until there are five", () => {
    expect([0, 1, 3, 4, 5, 6].map(continueLabel)).toEqual([
      "Pick 5 songs",
      "Pick 4 more",
      "Pick 2 more",
      "Pick 1 more",
      "Continue the list",
      "Continue the list",
    ]);
  });

  it("continues lists of five to a hundred songs", () => {
    expect([4, 5, 100, 101].map(canContinue)).toEqual([false, true, true, false]);
  });

  it("tells an edited list from the one that was continued", () => {
    expect(isSameOrder(["a", "b"], ["a", "b"])).toBe(true);
    expect(isSameOrder(["a", "b"], ["b", "a"])).toBe(false);
    expect(isSameOrder(["a"], ["a", "b"])).toBe(false);
  });
});
