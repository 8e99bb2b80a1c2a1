import { describe, expect, it } from "vitest";
import { isSameList } from "./same-list.ts";

const list = (...scores: [string, number][]) => scores.map(([id, score]) => ({ id, score }));

describe("same list", () => {
  it("accepts the same songs with the same scores", () => {
    expect(isSameList(list(["a", 2], ["b", 1]), list(["a", 2], ["b", 1 + 1e-7]))).toBe(true);
  });

  it("accepts a swap only among scores within a millionth", () => {
    expect(isSameList(list(["a", 1], ["b", 1]), list(["b", 1], ["a", 1]))).toBe(true);
    expect(isSameList(list(["a", 2], ["b", 1]), list(["b", 1], ["a", 2]))).toBe(false);
  });

  it("refuses another song, score or length", () => {
    expect(isSameList(list(["a", 1]), list(["b", 1]))).toBe(false);
    expect(isSameList(list(["a", 1]), list(["a", 1.001]))).toBe(false);
    expect(isSameList(list(["a", 1]), list(["a", 1], ["b", 0]))).toBe(false);
  });
});
