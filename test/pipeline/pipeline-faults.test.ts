// Real: bus, dispatchers, compute nodes, worker threads, ONNX sessions, the clock. Made for the
// test: the model, whose weights are random, and the deaths, which cut a member off its bus.
import type { RecommendReply } from "@segue/contracts";
import { type Checkpoint, openRandomCheckpoint } from "@segue/model";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Pipeline, startPipeline } from "./pipeline-harness.ts";

const FIVE = ["s10", "s200", "s333", "s404", "s599"];

let checkpoint: Checkpoint;
let pipeline: Pipeline;

beforeAll(async () => {
  checkpoint = await openRandomCheckpoint({
    songCount: 600,
    size: { embedding: 16, hidden: 24 },
    seed: 3,
  });
  const cut = { stages: 3, shards: 1 };
  pipeline = await startPipeline({ checkpoint, ...cut, replicas: 2, dispatchers: 2 });
});
afterEach(() => pipeline.restoreMissing());
afterAll(() => pipeline.close());

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One request every few milliseconds, with `inTheMiddle` happening among them. */
async function askMany(count: number, inTheMiddle: () => Promise<void>) {
  const replies: Promise<RecommendReply>[] = [];
  let happening = Promise.resolve();
  for (let asked = 0; asked < count; asked += 1) {
    if (asked === Math.floor(count / 3)) happening = inTheMiddle();
    replies.push(pipeline.ask({ songIds: FIVE, limit: 5 }));
    await pause(8);
  }
  await happening;
  return Promise.all(replies);
}

/** Asks until the answer has the level, within the time. */
async function askUntil(level: string, withinMs: number): Promise<RecommendReply> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const reply = await pipeline.ask({ songIds: FIVE });
    if (reply.receipt?.level === level || performance.now() > untilMs) return reply;
    await pause(20);
  }
}

const levelsOf = (replies: readonly RecommendReply[]): ReadonlySet<string | undefined> =>
  new Set(replies.map(({ receipt }) => receipt?.level));

describe("under load", () => {
  test.each([
    { fault: "death", stage: 1 },
    { fault: "death", stage: 2 },
    { fault: "death", stage: 3 },
    { fault: "hanging", stage: 1 },
    { fault: "hanging", stage: 2 },
    { fault: "hanging", stage: 3 },
  ])("the $fault of a replica of stage $stage fails nobody", async ({ fault, stage }) => {
    const replica = `stage-${stage}.0-a`;
    const before = await pipeline.ask({ songIds: FIVE, limit: 5 });
    const replies = await askMany(120, async () => {
      if (fault === "death") await pipeline.killReplica(replica);
      else pipeline.freezeReplica(replica);
    });
    expect(levelsOf(replies)).toEqual(new Set(["full"]));
    for (const { songs } of replies) {
      expect(songs.map(({ songId }) => songId)).toEqual(before.songs.map(({ songId }) => songId));
    }
    // Other partitions of a dead member move at once on this bus; those of a hanging one do not.
    const attempts = Math.max(...replies.map(({ receipt }) => receipt?.attempts ?? 0));
    if (fault === "hanging") expect(attempts).toBeGreaterThan(1);
    const slowest = Math.max(...replies.map(({ receipt }) => receipt?.totalMs ?? 0));
    expect(slowest).toBeLessThan(2_500);
    if (fault === "hanging") await pipeline.killReplica(replica);
  });

  test("the orderly stop of a replica costs nobody a second attempt", async () => {
    const replies = await askMany(120, () => pipeline.closeReplica("stage-2.0-a"));
    expect(levelsOf(replies)).toEqual(new Set(["full"]));
    expect(Math.max(...replies.map(({ receipt }) => receipt?.attempts ?? 0))).toBe(1);
  });

  test("the death of a dispatcher fails nobody", async () => {
    const replies = await askMany(120, async () => {
      pipeline.killDispatcher("dispatcher-0");
      await Promise.resolve();
    });
    expect(levelsOf(replies)).toEqual(new Set(["full"]));
  });
});

describe("without any replica of a stage", () => {
  test("the neighbours answer and say why, until a replica is back", async () => {
    await pipeline.killReplica("stage-2.0-a");
    await pipeline.killReplica("stage-2.0-b");
    const degraded = await pipeline.ask({ songIds: FIVE });
    expect(degraded.receipt?.level).toBe("neighbours");
    expect(degraded.receipt?.reason).toContain("stage 2");
    expect(degraded.songs.length).toBeGreaterThan(0);
    expect(degraded.songs.every(({ because }) => because.length > 0)).toBe(true);

    await pipeline.restoreMissing();
    const recovered = await askUntil("full", 2_000);
    expect(recovered.receipt?.level).toBe("full");
  });

  test("a request for one exact model version fails, instead of being degraded", async () => {
    await pipeline.killReplica("stage-3.0-a");
    await pipeline.killReplica("stage-3.0-b");
    const { modelVersion } = pipeline.vocabulary;
    const reply = await pipeline.ask({ songIds: FIVE, modelVersion });
    expect(reply.failure?.code).toBe("SHARD_MISSING");
  });
});
