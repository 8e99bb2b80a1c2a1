// Real: onnxruntime, and results of PyTorch that golden/make-golden.py wrote. Nothing is fake.
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { byteSourceOfBytes } from "../src/checkpoint/byte-source.ts";
import {
  type Checkpoint,
  type CheckpointTensors,
  openCheckpoint,
  writeCheckpoint,
} from "../src/checkpoint/checkpoint.ts";
import { TENSORS } from "../src/checkpoint/manifest.ts";
import type { ScoredRows, StageInput, StageOutput } from "../src/inference/stage-run.ts";
import { planPartition } from "../src/partition/plan-partition.ts";
import { loadStage } from "../src/partition/stage-runner.ts";

interface GoldenCase {
  readonly embedding: number;
  readonly hidden: number;
  readonly seed: number;
  readonly sequences: readonly (readonly number[])[];
  readonly results: readonly (readonly (readonly number[])[])[];
}

const SONGS = 20;
/** Of the six results, that of the layer whose outputs become probabilities. */
const SCORING = 5;
const TOLERANCE = 1e-5;
const golden = JSON.parse(
  readFileSync(new URL("./golden/layers.golden.json", import.meta.url), "utf8"),
) as { readonly cases: readonly GoldenCase[] };

describe.each(golden.cases)("layers of $embedding and $hidden units", (goldenCase) => {
  test("give what PyTorch gives, layer by layer, for sequences of several lengths together", async () => {
    const checkpoint = await openGoldenCheckpoint(goldenCase);
    const input: StageInput = {
      variants: goldenCase.sequences.map((rows) => Uint32Array.from(rows)),
      maskedRows: new Uint32Array(),
      candidates: SONGS,
    };
    let difference = 0;
    for (const [index, output] of (await runLayerByLayer(checkpoint, input)).entries()) {
      goldenCase.results.forEach((layers, sequence) => {
        const actual = resultOf(output, sequence, input);
        const expected =
          index === SCORING ? logSoftmax(layers[index] ?? []) : (layers[index] ?? []);
        expect(actual).toHaveLength(expected.length);
        expected.forEach((value, at) => {
          difference = Math.max(difference, Math.abs(value - (actual[at] ?? Number.NaN)));
        });
      });
    }
    expect(difference).toBeLessThan(TOLERANCE);
  });
});

async function runLayerByLayer(checkpoint: Checkpoint, input: StageInput): Promise<StageOutput[]> {
  const outputs: StageOutput[] = [];
  let next = input;
  for (const part of planPartition(checkpoint.manifest, { stages: 6, shards: 1 })) {
    const stage = await loadStage(checkpoint, part);
    const output = await stage.run(next);
    outputs.push(output);
    if (output.kind === "activations") next = { ...input, activations: output.activations };
    await stage.close();
  }
  return outputs;
}

/** What one sequence got: its real steps, or its scores by row. */
function resultOf(output: StageOutput, sequence: number, { variants }: StageInput): number[] {
  if (output.kind === "scored") return scoresByRow(output.scored, sequence);
  const { steps, width, data } = output.activations;
  const realSteps = steps === 1 ? 1 : (variants[sequence]?.length ?? 0);
  const start = sequence * steps * width;
  const padding = data.subarray(start + realSteps * width, start + steps * width);
  expect(padding.every((value) => value === 0)).toBe(true);
  return [...data.subarray(start, start + realSteps * width)];
}

function logSoftmax(outputs: readonly number[]): number[] {
  const sum = outputs.reduce((total, output) => total + Math.exp(output), 0);
  return outputs.map((output) => output - Math.log(sum));
}

function scoresByRow({ rows, scores, variantScores }: ScoredRows, sequence: number): number[] {
  const byRow: number[] = [];
  rows.forEach((row, index) => {
    const score =
      sequence === 0 ? scores[index] : variantScores[(sequence - 1) * rows.length + index];
    byRow[row] = score ?? Number.NaN;
  });
  return byRow;
}

/** The same numbers in the same order as in make-golden.py. */
function openGoldenCheckpoint({ embedding, hidden, seed }: GoldenCase): Promise<Checkpoint> {
  let state = seed;
  const tensor = (...shape: number[]) => {
    const data = new Float32Array(shape.reduce((count, size) => count * size, 1));
    for (let index = 0; index < data.length; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[index] = state / 2 ** 32 - 0.5;
    }
    return { shape, data };
  };
  const rowNumbers = { shape: [SONGS], data: Int32Array.from({ length: SONGS }, (_, row) => row) };
  const songIds = new Uint8Array(Buffer.from(rowNumbers.data.join("\n")));
  const tensors: CheckpointTensors = {
    [TENSORS.songVectors]: tensor(SONGS, embedding),
    [TENSORS.rnnInput]: tensor(embedding, hidden),
    [TENSORS.rnnRecurrent]: tensor(hidden, hidden),
    [TENSORS.rnnBias]: tensor(hidden),
    [TENSORS.lstm1Input]: tensor(hidden, 4 * hidden),
    [TENSORS.lstm1Recurrent]: tensor(hidden, 4 * hidden),
    [TENSORS.lstm1Bias]: tensor(4 * hidden),
    [TENSORS.lstm2Input]: tensor(hidden, 4 * hidden),
    [TENSORS.lstm2Recurrent]: tensor(hidden, 4 * hidden),
    [TENSORS.lstm2Bias]: tensor(4 * hidden),
    [TENSORS.projectionWeight]: tensor(hidden, embedding),
    [TENSORS.projectionBias]: tensor(embedding),
    [TENSORS.scoringBias]: tensor(SONGS),
    [TENSORS.songIds]: { shape: [songIds.length], data: songIds },
    [TENSORS.songArtists]: rowNumbers,
    [TENSORS.songVersionGroups]: rowNumbers,
    [TENSORS.neighbourRows]: { shape: [SONGS, 0], data: new Int32Array() },
    [TENSORS.neighbourWeights]: { shape: [SONGS, 0], data: new Float32Array() },
  };
  const manifest = {
    format: 1,
    version: `golden-${seed}`,
    size: "custom",
    dimensions: { embedding, hidden },
    songCount: SONGS,
    artistCount: SONGS,
    createdAt: "2026-01-01T00:00:00.000Z",
    seed,
    dataHash: "",
    command: "python3 make-golden.py",
    metrics: {},
  } as const;
  return openCheckpoint(byteSourceOfBytes(writeCheckpoint(manifest, tensors)));
}
