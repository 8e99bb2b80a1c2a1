import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { planPartition } from "./plan-partition.ts";

const manifest = { songCount: 1_000 };

describe("partition plan", () => {
  test.each([
    [1, ["1-6"]],
    [2, ["1-4", "5-6"]],
    [3, ["1-2", "3-4", "5-6"]],
    [4, ["1-2", "3-3", "4-4", "5-6"]],
    [5, ["1-1", "2-2", "3-3", "4-4", "5-6"]],
    [6, ["1-1", "2-2", "3-3", "4-4", "5-5", "6-6"]],
    [[2], ["1-2", "3-6"]],
    [[5], ["1-5", "6-6"]],
  ])("cuts by %j into %j", (stages, layers) => {
    const parts = planPartition(manifest, { stages, shards: 1 });
    expect(parts.map(({ layerFirst, layerLast }) => `${layerFirst}-${layerLast}`)).toEqual(layers);
  });

  test("covers every layer and, in the last stage, every row exactly once", () => {
    fc.assert(
      fc.property(
        fc.subarray([1, 2, 3, 4, 5]),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 1_000 }),
        (stages, shards, more) => {
          const songCount = shards + more;
          const parts = planPartition({ songCount }, { stages, shards });
          const firsts = parts.filter(({ shard }) => shard === 0);
          expect(firsts.map(({ stage }) => stage)).toEqual(firsts.map((_, index) => index + 1));
          let nextLayer = 1;
          for (const { layerFirst, layerLast } of firsts) {
            expect(layerFirst).toBe(nextLayer);
            nextLayer = layerLast + 1;
          }
          expect(nextLayer).toBe(7);
          let nextRow = 0;
          for (const part of parts.filter(({ layerLast }) => layerLast === 6)) {
            expect(part).toMatchObject({ shardCount: shards, rowStart: nextRow });
            expect(part.rowEnd).toBeGreaterThan(part.rowStart);
            nextRow = part.rowEnd;
          }
          expect(nextRow).toBe(songCount);
        },
      ),
    );
  });

  test.each([
    [0, 1],
    [7, 1],
    [2.5, 1],
    [[6], 1],
    [[0], 1],
    [[2, 2], 1],
    [[4, 2], 1],
    [3, 0],
    [3, 1_001],
    [3, 1.5],
  ])("refuses stages %j with %d shards", (stages, shards) => {
    expect(() => planPartition(manifest, { stages, shards })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
