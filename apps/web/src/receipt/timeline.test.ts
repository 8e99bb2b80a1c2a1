import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hop } from "../api/wire.ts";
import { formatMs, hopTitle, layoutTimeline } from "./timeline.ts";

function hop(facts: Partial<Hop>): Hop {
  return {
    role: "compute",
    stage: null,
    layers: null,
    shard: null,
    replica: "r1",
    queueMs: 0,
    computeMs: 1,
    startedAtMs: 1000,
    ...facts,
  };
}

describe("timeline", () => {
  it("starts at the earliest hop and puts waiting before computing", () => {
    const { lanes } = layoutTimeline(
      [
        hop({ role: "dispatcher", startedAtMs: 1001 }),
        hop({ stage: 1, startedAtMs: 1005, queueMs: 2, computeMs: 4 }),
      ],
      10,
    );
    expect(lanes[0]?.bars).toEqual([{ kind: "compute", startMs: 0, lengthMs: 1 }]);
    expect(lanes[1]?.bars).toEqual([
      { kind: "queue", startMs: 2, lengthMs: 2 },
      { kind: "compute", startMs: 4, lengthMs: 4 },
    ]);
  });

  it("gives each stage, shard and replica its lane, and a retry on the same one none of its own", () => {
    const { lanes } = layoutTimeline(
      [
        hop({ stage: 3, shard: 0, replica: "a" }),
        hop({ stage: 3, shard: 1, replica: "b" }),
        hop({ stage: 3, shard: 1, replica: "b", startedAtMs: 1700 }),
      ],
      0,
    );
    expect(lanes.map(({ detail }) => detail)).toEqual(["shard 0, a", "shard 1, b"]);
    expect(lanes[1]?.bars).toHaveLength(2);
  });

  it("names lanes by their layers", () => {
    expect(hopTitle(hop({ stage: 2, layers: "3-4" }))).toBe("Layers 3-4");
    expect(hopTitle(hop({ stage: 6, layers: "6" }))).toBe("Layer 6");
    expect(hopTitle(hop({ role: "api" }))).toBe("API");
    expect(hopTitle(hop({ role: "dispatcher" }))).toBe("Dispatcher");
  });

  it("keeps every bar within the axis, which has two to six ticks at round numbers", () => {
    const time = fc.double({ min: 0, max: 5000, noNaN: true });
    const hops = fc.array(fc.record({ at: time, queueMs: time, computeMs: time }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(hops, fc.double({ min: 0.01, max: 6000, noNaN: true }), (list, totalMs) => {
        const { durationMs, lanes, ticksMs } = layoutTimeline(
          list.map(({ at, queueMs, computeMs }) => hop({ startedAtMs: at, queueMs, computeMs })),
          totalMs,
        );
        for (const { startMs, lengthMs } of lanes.flatMap(({ bars }) => bars)) {
          expect(startMs).toBeGreaterThanOrEqual(-1e-6);
          expect(startMs + lengthMs).toBeLessThanOrEqual(durationMs + 1e-6);
        }
        expect(ticksMs.length).toBeGreaterThanOrEqual(2);
        expect(ticksMs.length).toBeLessThanOrEqual(6);
        expect(ticksMs[0]).toBe(0);
      }),
    );
  });

  it("draws an empty axis for a receipt without hops or time", () => {
    expect(layoutTimeline([], 0)).toEqual({ durationMs: 0, lanes: [], ticksMs: [0] });
  });

  it("writes times with the digits that mean something", () => {
    expect([0.04, 2.345, 41.6, 712].map(formatMs)).toEqual(["0.0 ms", "2.3 ms", "42 ms", "712 ms"]);
  });
});
