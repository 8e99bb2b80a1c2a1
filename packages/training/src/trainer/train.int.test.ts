import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { byteSourceOfBytes, openCheckpoint, TENSORS } from "@segue/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { simulateWorld } from "../../test/simulated-sessions.ts";
import { sliceSessions } from "../sessions/sessions.ts";
import type { TrainingProgress } from "./progress.ts";
import { type TrainOptions, train } from "./train.ts";

const world = simulateWorld(3, 120, 800);
const OPTIONS: TrainOptions = {
  ...world,
  name: "test",
  command: "segue train --seed 1",
  createdAt: new Date(0),
  size: { embedding: 16, hidden: 12 },
  epochsMax: 2,
  negatives: 32,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "segue-train-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("train", () => {
  test("gives the same bytes for the same seed, and others for another", async () => {
    const [one, again, other] = [
      await train(OPTIONS),
      await train(OPTIONS),
      await train({ ...OPTIONS, seed: 2 }),
    ];
    expect(Buffer.from(one.checkpoint).equals(again.checkpoint)).toBe(true);
    expect(other.manifest.version).not.toBe(one.manifest.version);
  });

  test("has the same loss after 20 steps for the same seed", async () => {
    const lossOf = async () => {
      let loss = Number.NaN;
      const onProgress = (progress: TrainingProgress) => {
        if (progress.kind === "step" && progress.step === 20) loss = progress.loss;
      };
      await train({ ...OPTIONS, epochsMax: 1, batchSize: 16, onProgress });
      return loss;
    };
    const loss = await lossOf();
    expect(loss).toBeGreaterThan(0);
    expect(await lossOf()).toBe(loss);
  });

  test("writes a checkpoint that names every known song, its neighbours and its figures", async () => {
    const { checkpoint, manifest } = await train(OPTIONS);
    const opened = await openCheckpoint(byteSourceOfBytes(checkpoint));
    expect(opened.manifest).toEqual(manifest);
    const ids = new TextDecoder().decode(await opened.readBytes(TENSORS.songIds)).split("\n");
    expect(ids).toHaveLength(manifest.songCount);
    expect(new Set(ids).size).toBe(ids.length);
    expect(manifest.command).toBe("segue train --seed 1");
    expect(manifest.dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(manifest.metrics)).toContain("network");
    const rows = await opened.readIntegers(TENSORS.neighbourRows);
    const weights = await opened.readFloats(TENSORS.neighbourWeights);
    expect(rows.some((row) => row >= 0)).toBe(true);
    for (const [index, row] of rows.entries()) {
      expect(row).toBeLessThan(manifest.songCount);
      if (index % 10 > 0) expect(weights[index]).toBeLessThanOrEqual(weights[index - 1] as number);
    }
  });

  test("reports steps with loss, speed and time left, and every epoch's validation", async () => {
    const events: TrainingProgress[] = [];
    await train({ ...OPTIONS, batchSize: 16, onProgress: (event) => events.push(event) });
    const kinds = events.map((event) => event.kind);
    expect(kinds[0]).toBe("preparing");
    expect(kinds.filter((kind) => kind === "epoch")).toHaveLength(2);
    const step = events.find((event) => event.kind === "step");
    expect(step?.positionsPerSecond).toBeGreaterThan(0);
    expect(step?.secondsLeft).toBeGreaterThan(0);
  });

  test("stops early when validation gets no better", async () => {
    const epochs: number[] = [];
    const { bestEpoch } = await train({
      ...OPTIONS,
      epochsMax: 40,
      patience: 1,
      learningRate: 0.02,
      onProgress: (event) => {
        if (event.kind === "epoch") epochs.push(event.epoch);
      },
    });
    expect(epochs.length).toBeLessThan(40);
    expect(bestEpoch).toBe(epochs.length - 1);
  });

  test("stops when asked and goes on from there to the same bytes", async () => {
    const whole = await train(OPTIONS);
    const stop = new AbortController();
    const interrupted = train({
      ...OPTIONS,
      checkpointDir: folder,
      signal: stop.signal,
      onProgress: (event) => {
        if (event.kind === "epoch") stop.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ code: "CANCELLED" });
    const resumed = await train({ ...OPTIONS, checkpointDir: folder });
    expect(Buffer.from(resumed.checkpoint).equals(whole.checkpoint)).toBe(true);
  });

  test("refuses the state of a run with other settings", async () => {
    await train({ ...OPTIONS, epochsMax: 1, checkpointDir: folder });
    await expect(
      train({ ...OPTIONS, epochsMax: 1, seed: 9, checkpointDir: folder }),
    ).rejects.toMatchObject({ code: "TRAINING_STATE_MISMATCH" });
  });

  test("says what is missing when there is too little to train on", async () => {
    const few = sliceSessions(world.sessions, 0, 12);
    await expect(train({ ...OPTIONS, sessions: few })).rejects.toMatchObject({
      code: "TRAINING_DATA_INSUFFICIENT",
      message: expect.stringContaining("at least 20 are needed") as string,
    });
  });

  test("ends with a clear error when the loss is no number any more", async () => {
    await expect(train({ ...OPTIONS, learningRate: 1e30 })).rejects.toMatchObject({
      code: "TRAINING_DIVERGED",
    });
  });
});
