import type { InferencePool, ModelPart } from "@segue/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withServiceTime } from "./service-time.ts";

const part: ModelPart = {
  stage: 1,
  stageCount: 1,
  layerFirst: 1,
  layerLast: 6,
  shard: 0,
  shardCount: 1,
  rowStart: 0,
  rowEnd: 1,
};
const input = { variants: [], maskedRows: new Uint32Array(), candidates: 1 };

function poolThat(run: InferencePool["run"]): InferencePool {
  const close = async () => {};
  return { part, modelVersion: "m", queueDepth: 0, inFlight: 0, run, close };
}

describe("declared service time", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("is taken by each task, one after the other", async () => {
    const startedAtMs: number[] = [];
    const pool = withServiceTime(
      poolThat(async () => {
        startedAtMs.push(Date.now());
        throw new Error("computed");
      }),
      20,
    );
    const begin = Date.now();
    const runs = [pool.run(input), pool.run(input), pool.run(input)];
    const ends = Promise.allSettled(runs);
    await vi.advanceTimersByTimeAsync(100);
    await ends;
    expect(startedAtMs.map((at) => at - begin)).toEqual([0, 20, 40]);
  });

  test("of nothing leaves the pool as it is", () => {
    const pool = poolThat(() => Promise.reject(new Error("computed")));
    expect(withServiceTime(pool, 0)).toBe(pool);
  });
});
