// Real: bus, dispatchers, compute nodes, worker threads, ONNX sessions. Made for the test: the
// model, whose weights are random, and the clocks, which are minutes apart.
import { openRandomCheckpoint } from "@segue/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Pipeline, startPipeline } from "./pipeline-harness.ts";

const FIVE_MINUTES_MS = 300_000;
const FIVE = ["s10", "s200", "s333", "s404", "s599"];

let pipeline: Pipeline;
beforeAll(async () => {
  const size = { embedding: 16, hidden: 24 };
  pipeline = await startPipeline({
    checkpoint: await openRandomCheckpoint({ songCount: 600, size, seed: 3 }),
    stages: 3,
    shards: 1,
    replicas: 1,
    dispatchers: 1,
    clockOffsetsMs: {
      "dispatcher-0": FIVE_MINUTES_MS,
      "stage-1.0-a": -FIVE_MINUTES_MS,
      "stage-3.0-a": -FIVE_MINUTES_MS,
    },
  });
});
afterAll(() => pipeline.close());

describe("processes whose clocks are minutes apart", () => {
  test("answer in full, and tell each hop's time by the dispatcher's clock", async () => {
    // A process that has just begun learns with the next heartbeats who lives.
    let reply = await pipeline.ask({ songIds: FIVE });
    for (let asked = 0; asked < 5; asked += 1) reply = await pipeline.ask({ songIds: FIVE });
    const { receipt } = reply;
    expect(receipt).toMatchObject({ level: "full", reason: "" });
    const hops = receipt?.hops ?? [];
    const starts = hops.map(({ startedAtMs }) => startedAtMs);
    expect(hops).toHaveLength(4);
    expect(starts).toEqual(starts.toSorted((left, right) => left - right));
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(receipt?.totalMs ?? 0);
    expect(hops.every(({ queueMs }) => queueMs >= 0 && queueMs < FIVE_MINUTES_MS)).toBe(true);
  });
});
