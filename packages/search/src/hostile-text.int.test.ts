// Real: SQLite and its index file. Nothing is fake.
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hardNames, indexSongs, temporaryDirectory } from "../test/song-fixtures.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";

// Any UTF-16 unit, lone surrogates included.
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));

describe("hostile text", () => {
  const directory = temporaryDirectory();
  const file = join(directory.path, "index.sqlite");
  let index: SearchIndex;
  beforeAll(() => {
    indexSongs(file, hardNames());
    index = createSearchIndex({ file });
  });
  afterAll(() => {
    index.close();
    directory.remove();
  });

  test.each([
    '"""',
    '" OR *',
    "AND OR NOT",
    "NEAR(one two)",
    "title : one",
    "one* ^two",
    "'; DROP TABLE track; --",
    "\0\0\0",
    "one\0two",
    "\ud800\ud800\udc00\ud800",
    "a".repeat(10_000),
    "a b ".repeat(2500),
    '"'.repeat(10_000),
    "夜".repeat(10_000),
    "ﷺ".repeat(300),
    "e".concat("\u0301".repeat(5000)),
    "%_%",
    "\uE00021\uE000",
    "-1 OR 1=1",
    "{}[]()^$",
    "\uE000!!",
  ])("is only text: %#", (text) => {
    expect(Array.isArray(index.search(text, 10))).toBe(true);
  });

  test("never throws and gives an array, whatever is typed", () => {
    const pieces = fc.oneof(
      fc.string({ unit: anyUnit, maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom("é", "한", "e\u0301", "👩‍👩‍👧", "क्षि", "ﬁ"),
        maxLength: 8,
      }),
      fc.constantFrom(
        '"',
        "*",
        " AND ",
        " OR ",
        " NOT ",
        "NEAR(",
        ")",
        "^",
        ":",
        "+",
        "-",
        "\0",
        "'",
      ),
      fc.constantFrom("one", "queen", "the", "夜に", "\ud83d", "\udc00", "title:", "!!!", "$"),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const songs = index.search(`abc${parts.join("")}`, 10);
        expect(songs.length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 500 },
    );
  });
});
