import { describe, expect, test } from "vitest";
import { shownName } from "./shown-name.ts";

describe("a name in a message", () => {
  test("is whole up to a hundred characters", () => {
    expect(shownName("a".repeat(100))).toBe("a".repeat(100));
  });

  test("is cut beyond them, and not within a character", () => {
    expect(shownName("a".repeat(10_000))).toBe(`${"a".repeat(100)}...`);
    expect(shownName(`${"a".repeat(99)}🎧🎧`)).toBe(`${"a".repeat(99)}...`);
  });
});
