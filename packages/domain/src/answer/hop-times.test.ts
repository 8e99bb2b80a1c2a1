import { describe, expect, test } from "vitest";
import { shiftHops, spreadHops } from "./hop-times.ts";
import type { Hop } from "./recommendation.ts";

const SKEW_MS = 300_000;

function hopAt(startedAtMs: number, fields: Partial<Hop> = {}): Hop {
  return {
    role: "compute",
    stage: 1,
    layerFirst: 1,
    layerLast: 2,
    shard: 0,
    replica: "a",
    queueMs: 2,
    computeMs: 4,
    startedAtMs,
    attempt: 1,
    ...fields,
  };
}

const startsOf = (hops: readonly Hop[]): readonly number[] =>
  hops.map(({ startedAtMs }) => startedAtMs);

describe("hops of different hosts", () => {
  test("stay as they are where the clocks agree", () => {
    const hops = [hopAt(1_005), hopAt(1_020)];
    expect(spreadHops(hops, 1_000, 1_030)).toBe(hops);
  });

  test("are spread over the time of the route where one of the clocks is off", () => {
    const hops = [hopAt(1_005 + SKEW_MS), hopAt(1_020), hopAt(1_030 - SKEW_MS)];
    const spread = spreadHops(hops, 1_000, 1_058);
    // 58 ms, of which 18 are their own: 10 for each of the four ways.
    expect(startsOf(spread)).toEqual([1_012, 1_028, 1_044]);
    expect(spread.map(({ queueMs, computeMs }) => [queueMs, computeMs])).toEqual(
      hops.map(({ queueMs, computeMs }) => [queueMs, computeMs]),
    );
  });
});

describe("hops of one account", () => {
  test("stay as they are where the clocks agree", () => {
    const hops = [hopAt(1_005), hopAt(1_020)];
    expect(shiftHops(hops, 1_000, 1_030)).toBe(hops);
  });

  test("move together where the clock is off", () => {
    const hops = [hopAt(1_012 - SKEW_MS), hopAt(1_044 - SKEW_MS)];
    const shifted = shiftHops(hops, 1_000, 1_058);
    expect(startsOf(shifted)).toEqual([1_012, 1_044]);
  });

  test("may be none", () => {
    expect(shiftHops([], 0, 1)).toEqual([]);
  });
});
