import { describe, expect, it } from "vitest";
import { growthWords } from "./growth-words.ts";

describe("a year beside the year before", () => {
  it("is more, less, as much, or many times as much", () => {
    expect(growthWords(137, 100)).toBe("37 % more than the year before");
    expect(growthWords(60, 100)).toBe("40 % less than the year before");
    expect(growthWords(1_004, 1_000)).toBe("As much as the year before");
    expect(growthWords(520, 100)).toBe("5.2 times as much as the year before");
    expect(growthWords(5, 0)).toBe("More than the year before");
  });
});
