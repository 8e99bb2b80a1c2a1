import { describe, expect, it } from "vitest";
import { pathOf, percentile } from "./request-path.ts";
import { START_MS } from "./testing/sample-system.ts";

describe("the path of a request", () => {
  it("is in the order of work, measured from its start", () => {
    const hop = (replica: string, startedAtMs: number, queueMs = 0) => ({
      role: "compute",
      stage: 1,
      layers: null,
      shard: null,
      replica,
      queueMs,
      computeMs: 1,
      startedAtMs,
    });
    const hops = [hop("second", START_MS + 9, 2), hop("first", START_MS + 5, 4)];
    expect(pathOf({ hops }).map(({ replica, startMs }) => [replica, startMs])).toEqual([
      ["first", 4],
      ["second", 8],
    ]);
    expect(pathOf({ hops }).map(({ isBeside }) => isBeside)).toEqual([false, true]);
    expect(pathOf({ hops: [] })).toEqual([]);
  });
});

describe("a percentile", () => {
  it("is a value that occurs, and unknown of none", () => {
    expect([percentile([], 50), percentile([3], 50), percentile([5, 1, 3], 50)]).toEqual([
      null,
      3,
      3,
    ]);
    expect([percentile([1, 2, 3, 4], 50), percentile([1, 2, 3, 4], 100)]).toEqual([2, 4]);
  });
});
