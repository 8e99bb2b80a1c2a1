import { AppError } from "@segue/errors";
import { describe, expect, test } from "vitest";

import { assertSearchable, parseQuery } from "./search-query.ts";

function detailsOf(text: string): unknown {
  try {
    assertSearchable(text);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details };
    throw error;
  }
  return undefined;
}

describe("search query", () => {
  test.each(["", "  ", "ab", "  ab  ", "𝄞𝄞", "夜に", "\ud800\ud800"])(
    "refuses %j, which has fewer than three code points when trimmed",
    (text) => {
      expect(detailsOf(text)).toMatchObject({ code: "REQUEST_INVALID", minimum: 3 });
    },
  );

  test.each(["abc", "a b", "𝄞𝄞𝄞", "夜に駆", "!!!", "e\u0301e", "\ud800\ud800\ud800"])(
    "accepts %j, counted before folding",
    (text) => {
      expect(detailsOf(text)).toBeUndefined();
    },
  );

  test("keeps a run of CJK characters together as one phrase", () => {
    const { words } = parseQuery("yoasobi 夜に駆ける live");
    expect(words).toEqual([
      { text: "yoasobi", isCjk: false },
      { text: "夜 に 駆 け る", isCjk: true },
      { text: "live", isCjk: false },
    ]);
  });

  test("keeps a repeated word twice, and the folded text whole", () => {
    const { folded, words } = parseQuery("la la la la land");
    expect(folded).toBe("la la la la land");
    expect(words.map(({ text }) => text)).toEqual(["la", "la", "land"]);
  });

  test("takes a hundred code points and ten words of a long text", () => {
    expect(parseQuery("x".repeat(10_000)).folded).toHaveLength(100);
    expect(parseQuery("a b c d e f g h i j k l m").words).toHaveLength(10);
    expect(parseQuery("𝄞".repeat(5000)).folded.isWellFormed()).toBe(true);
  });
});
