import { describe, expect, it } from "vitest";
import { scoreBarLengths } from "./score-bar.ts";

describe("score bars", () => {
  it("run from full length for the best to a quarter for the last", () => {
    expect(scoreBarLengths([3, 1, -1])).toEqual([1, 0.625, 0.25]);
  });

  it("are full when all scores are equal, and none when there are none", () => {
    expect(scoreBarLengths([2, 2])).toEqual([1, 1]);
    expect(scoreBarLengths([])).toEqual([]);
  });
});
