// Real: worker threads, onnxruntime, a seeded random model. Fake: the clock, where a test says so.
import type { Worker } from "node:worker_threads";

import { afterEach, describe, expect, test } from "vitest";

import { openRandomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import { planPartition } from "../partition/plan-partition.ts";
import { loadStage } from "../partition/stage-runner.ts";
import { loadStageWeights, type StageWeights } from "../partition/stage-weights.ts";
import {
  createInferencePool,
  type InferencePool,
  type InferencePoolOptions,
} from "./inference-pool.ts";
import { startThread } from "./pool-worker.ts";
import type { StageInput } from "./stage-run.ts";

const checkpoint = await openRandomCheckpoint({
  songCount: 500,
  size: { embedding: 16, hidden: 16 },
});
const parts = planPartition(checkpoint.manifest, { stages: 3, shards: 1 });
const pools: InferencePool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("inference pool", () => {
  test("gives what the stages give, through three pools", async () => {
    const input = request(4);
    let next = input;
    for (const [index, part] of parts.entries()) {
      const pool = await startPool(index);
      const stage = await loadStage(checkpoint, part);
      const { output, queueMs, computeMs, batchSize } = await pool.run(next);
      expect(output).toEqual(await stage.run(next));
      expect(queueMs).toBeGreaterThanOrEqual(0);
      expect(computeMs).toBeGreaterThan(0);
      expect(batchSize).toBe(1);
      if (output.kind === "activations") next = { ...input, activations: output.activations };
      await stage.close();
    }
  });

  test("leaves the caller its activations", async () => {
    const pool = await startPool(1);
    const data = new Float32Array(4 * 10 * 16).fill(0.5);
    await pool.run({ ...request(4), activations: { steps: 10, width: 16, data } });
    expect(data).toHaveLength(4 * 10 * 16);
  });

  test("puts what queues up behind a busy worker into one micro-batch", async () => {
    const pool = await startPool(0);
    const results = await Promise.all(Array.from({ length: 6 }, () => pool.run(request(2))));
    expect(results.map(({ batchSize }) => batchSize)).toEqual([1, 5, 5, 5, 5, 5]);
  });

  test("refuses with OVERLOADED what does not fit its queue, and goes on", async () => {
    const pool = await startPool(0, { queueMax: 2 });
    const runs = Array.from({ length: 4 }, () => pool.run(request(2)));
    await expect(runs[3]).rejects.toMatchObject({ code: "OVERLOADED", isRetryable: true });
    expect(pool.queueDepth).toBe(2);
    expect(pool.inFlight).toBe(1);
    await Promise.all(runs.slice(0, 3));
    await expect(pool.run(request(2))).resolves.toMatchObject({ batchSize: 1 });
  });

  test("drops what is late when its turn comes, on a fake clock", async () => {
    let nowMs = 1_000;
    const pool = await startPool(0, { now: () => nowMs });
    const first = pool.run(request(2), { deadlineMs: 2_000 });
    const late = pool.run(request(2), { deadlineMs: 2_000 });
    const inTime = pool.run(request(2), { deadlineMs: 9_000 });
    nowMs = 2_500;
    await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await expect(first).resolves.toMatchObject({ batchSize: 1 });
    await expect(inTime).resolves.toMatchObject({ batchSize: 1 });
  });

  test("refuses a bad request before it spoils a micro-batch", async () => {
    const pool = await startPool(0);
    const good = pool.run(request(2));
    const bad = pool.run({ ...request(1), variants: [Uint32Array.of(500)] });
    await expect(bad).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    await expect(good).resolves.toMatchObject({ batchSize: 1 });
  });

  test("finishes what it has before it closes, and takes nothing more", async () => {
    const pool = await startPool(0);
    const runs = Array.from({ length: 5 }, () => pool.run(request(2)));
    const closed = pool.close();
    await expect(pool.run(request(2))).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
    await expect(Promise.all(runs)).resolves.toHaveLength(5);
    await closed;
  });
});

describe("inference pool whose worker dies", () => {
  test("fails its work with a retryable error and goes on with a new worker", async () => {
    const threads: Worker[] = [];
    const lost: string[] = [];
    const pool = await startPool(0, {
      startThread: (start) => {
        const thread = startThread(start);
        threads.push(thread);
        return thread;
      },
      onWorkerLost: ({ code }) => {
        lost.push(code);
      },
    });
    const died = pool.run(request(200));
    const waiting = pool.run(request(2));
    await Promise.all([
      threads[0]?.terminate(),
      expect(died).rejects.toMatchObject({ code: "MODEL_NOT_LOADED", isRetryable: true }),
    ]);
    await expect(waiting).resolves.toMatchObject({ batchSize: 1 });
    expect(threads).toHaveLength(2);
    expect(lost).toEqual(["MODEL_NOT_LOADED"]);
  });

  test("keeps trying while a new worker does not start", async () => {
    let attempts = 0;
    let firstThread: Worker | undefined;
    const pool = await startPool(0, {
      startThread: (start) => {
        attempts += 1;
        if (attempts === 2) throw new Error("no thread to be had");
        const thread = startThread(start);
        firstThread ??= thread;
        return thread;
      },
    });
    await firstThread?.terminate();
    await expect(pool.run(request(2))).resolves.toMatchObject({ batchSize: 1 });
    expect(attempts).toBe(3);
  });

  test("can be closed while it has no worker", async () => {
    let firstThread: Worker | undefined;
    const pool = await startPool(0, {
      startThread: (start) => {
        if (firstThread !== undefined) throw new Error("no thread to be had");
        firstThread = startThread(start);
        return firstThread;
      },
    });
    await firstThread?.terminate();
    const waiting = pool.run(request(2));
    const closed = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
    await closed;
  });
});

describe("inference pool at its start", () => {
  test("does not open when its model cannot be run", async () => {
    const weights = await loadedWeights(0);
    const broken = { ...weights, songVectors: null };
    await expect(createInferencePool({ weights: broken })).rejects.toMatchObject({
      code: "INTERNAL",
    });
  });
});

function request(sequences: number): StageInput {
  return {
    variants: Array.from({ length: sequences }, (_, first) =>
      Uint32Array.from({ length: 10 }, (_, step) => (first * 10 + step) % 500),
    ),
    maskedRows: Uint32Array.of(1, 2, 3),
    candidates: 20,
  };
}

function loadedWeights(stage: number): Promise<StageWeights> {
  const part = parts[stage];
  if (part === undefined) throw new Error(`There is no stage ${stage}`);
  return loadStageWeights(checkpoint, part);
}

async function startPool(
  stage: number,
  options: Partial<InferencePoolOptions> = {},
): Promise<InferencePool> {
  const pool = await createInferencePool({ weights: await loadedWeights(stage), ...options });
  pools.push(pool);
  return pool;
}
