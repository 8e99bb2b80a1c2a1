import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { editDistance, prefixDistance } from "./edit-distance.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
const errorsMax = fc.integer({ min: 0, max: 3 });

/** The definition, without a bound or memory reuse. */
function referenceDistance(left: string, right: string): number {
  const table = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1));
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
  for (let row = 0; row <= left.length; row += 1) {
    for (let column = 0; column <= right.length; column += 1) {
      const isEqual = left[row - 1] === right[column - 1];
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const ways =
        row === 0 || column === 0
          ? [row + column]
          : [
              at(row - 1, column) + 1,
              at(row, column - 1) + 1,
              at(row - 1, column - 1) + (isEqual ? 0 : 1),
              ...(row > 1 && column > 1 && isSwap ? [at(row - 2, column - 2) + 1] : []),
            ];
      table[row]?.splice(column, 1, Math.min(...ways));
    }
  }
  return at(left.length, right.length);
}

describe("edit distance", () => {
  test("counts a swap of neighbours as one error", () => {
    expect(editDistance("beatels", "beatles", 2)).toBe(1);
  });

  test("agrees with its definition up to the bound, and says bound plus one beyond", () => {
    fc.assert(
      fc.property(word, word, errorsMax, (left, right, max) => {
        expect(editDistance(left, right, max)).toBe(
          Math.min(max + 1, referenceDistance(left, right)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("gives up on texts longer than any name", () => {
    expect(editDistance("a".repeat(600), `${"a".repeat(599)}b`, 2)).toBe(3);
  });
});

describe("prefix distance", () => {
  test("is the least distance to any beginning", () => {
    fc.assert(
      fc.property(word, word, errorsMax, (typed, text, max) => {
        const beginnings = Array.from({ length: text.length + 1 }, (_, end) => text.slice(0, end));
        const least = Math.min(
          ...beginnings.map((beginning) => referenceDistance(typed, beginning)),
        );
        expect(prefixDistance(typed, text, max)).toBe(Math.min(max + 1, least));
      }),
      { numRuns: 1000 },
    );
  });
});
