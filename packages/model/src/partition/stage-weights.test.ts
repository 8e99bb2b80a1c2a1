import { describe, expect, test } from "vitest";

import { byteSourceOfBytes } from "../checkpoint/byte-source.ts";
import { type Checkpoint, openCheckpoint } from "../checkpoint/checkpoint.ts";
import { createRandomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import { planPartition } from "./plan-partition.ts";
import { loadStageWeights, type StageWeights, weightBytesOf } from "./stage-weights.ts";

const SONGS = 90;
const bytes = createRandomCheckpoint({ songCount: SONGS, size: { embedding: 4, hidden: 6 } });

describe("stage weights", () => {
  test.each([
    [1, ["song_vectors"]],
    [2, ["rnn.bias", "rnn.input", "rnn.recurrent"]],
    [3, ["lstm1.bias", "lstm1.input", "lstm1.recurrent"]],
    [4, ["lstm2.bias", "lstm2.input", "lstm2.recurrent"]],
    [5, ["projection.bias", "projection.weight"]],
    [6, ["catalogue.artists", "catalogue.version_groups", "scoring.bias", "song_vectors"]],
  ])("of layer %d alone are read from its tensors alone", async (stage, names) => {
    const { readNames } = await load(6, 1, stage, 0);
    expect(readNames).toEqual(names);
  });

  test("of a shard are read from its rows, and from the others what scores are normalised by", async () => {
    const { weights, readBytes } = await load(6, 3, 6, 1);
    expect(weights.catalogue).toMatchObject({ rowStart: 30, rowEnd: 60 });
    // 4 floats of the vector, the bias, the artist, the version group; of other rows vector and bias.
    expect(readBytes).toBe(30 * 4 * (4 + 1 + 1 + 1) + 60 * 4 * (4 + 1));
    expect(weights.catalogue?.reference.bias).toHaveLength(SONGS);
    expect(weightBytesOf(weights)).toBe(30 * 4 * (4 + 1));
  });

  test("count the tied matrix in the first and in the last stage, and share its memory", async () => {
    const checkpoint = await openCheckpoint(byteSourceOfBytes(bytes));
    const parts = planPartition(checkpoint.manifest, { stages: 3, shards: 1 });
    const stages = await Promise.all(parts.map((part) => loadStageWeights(checkpoint, part)));
    const rnn = 4 * 6 + 6 * 6 + 6;
    const lstm = 6 * 24 + 6 * 24 + 24;
    const projection = 6 * 4 + 4;
    expect(stages.map(weightBytesOf)).toEqual([
      4 * (SONGS * 4 + rnn),
      4 * 2 * lstm,
      4 * (projection + SONGS * 4 + SONGS),
    ]);
    expect(stages[2]?.catalogue?.songVectors.buffer).toBe(stages[0]?.songVectors?.buffer);
  });
});

/** Loads one part and tells which tensors' bytes were read for it. */
async function load(stages: number, shards: number, stage: number, shard: number) {
  const reads: { readonly offset: number; readonly length: number }[] = [];
  const memory = byteSourceOfBytes(bytes);
  const checkpoint = await openCheckpoint({
    size: memory.size,
    read(offset, length) {
      reads.push({ offset, length });
      return memory.read(offset, length);
    },
  });
  reads.length = 0;
  const part = planPartition(checkpoint.manifest, { stages, shards }).find(
    (candidate) => candidate.stage === stage && candidate.shard === shard,
  );
  if (part === undefined) throw new Error(`There is no shard ${shard} of stage ${stage}`);
  const weights: StageWeights = await loadStageWeights(checkpoint, part);
  return {
    weights,
    readBytes: reads.reduce((sum, { length }) => sum + length, 0),
    readNames: [...new Set(reads.map(({ offset }) => tensorAt(checkpoint, offset)))].sort((a, b) =>
      a < b ? -1 : 1,
    ),
  };
}

function tensorAt({ tensors }: Checkpoint, offset: number): string {
  for (const [name, entry] of tensors) {
    if (offset >= entry.offset && offset < entry.offset + entry.byteLength) return name;
  }
  throw new Error(`No tensor has byte ${offset}`);
}
