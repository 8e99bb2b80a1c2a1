import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { TopRows } from "./top-rows.ts";

/** Few values, so that ties are common. */
const score = fc.integer({ min: -3, max: 3 }).map((value) => value / 2);

describe("top rows", () => {
  test("are those of a full sort, ties by row, whatever the blocks and masks", () => {
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 80 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 30 }),
        fc.uniqueArray(fc.integer({ min: 90, max: 180 })),
        (scores, capacity, blockRows, maskedRows) => {
          const firstRow = 100;
          const masked = new Set(maskedRows);
          const top = new TopRows(capacity, masked);
          for (let start = 0; start < scores.length; start += blockRows) {
            const block = Float32Array.from(scores.slice(start, start + blockRows));
            top.offer(block, 0, 1, firstRow + start, block.length);
          }
          const expected = scores
            .map((value, index) => ({ value, row: firstRow + index }))
            .filter(({ row }) => !masked.has(row))
            .sort((a, b) => b.value - a.value || a.row - b.row)
            .slice(0, capacity)
            .map(({ row }) => row);
          expect([...top.rows()].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        },
      ),
    );
  });

  test("reads one of several interleaved lists of scores", () => {
    const top = new TopRows(2, new Set());
    top.offer(Float32Array.of(9, 1, 9, 3, 9, 2), 1, 2, 0, 3);
    expect([...top.rows()].sort((a, b) => a - b)).toEqual([1, 2]);
  });
});
