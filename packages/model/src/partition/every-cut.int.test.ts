// Real: onnxruntime and seeded random models. Nothing is fake.
import { applyPolicy, type Candidate, mergeShards } from "@segue/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { openRandomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import type { ScoredRows, StageInput } from "../inference/stage-run.ts";
import {
  createUnpartitionedModel,
  type UnpartitionedModel,
} from "../reference/unpartitioned-model.ts";
import { type PartitionPlan, planPartition } from "./plan-partition.ts";
import { loadStage, type StageRunner } from "./stage-runner.ts";

const SONGS = 300;
/** Scores closer than this may swap: batch composition moves a recurrent state by its last bits. */
const SWAP_TOLERANCE = 1e-6;
const POLICY = { limit: 20, songsPerArtistMax: 2 };

interface RankedRow extends Omit<Candidate, "variantScores"> {
  readonly variantScores: readonly number[];
}

const row = fc.nat({ max: SONGS - 1 });
const request: fc.Arbitrary<StageInput> = fc.record({
  variants: fc.array(
    fc.array(row, { minLength: 1, maxLength: 50 }).map((rows) => Uint32Array.from(rows)),
    { minLength: 1, maxLength: 9 },
  ),
  maskedRows: fc.uniqueArray(row, { maxLength: 40 }).map((rows) => Uint32Array.from(rows)),
  candidates: fc.constantFrom(1, 10, 50, SONGS),
});
const plan: fc.Arbitrary<PartitionPlan> = fc.record({
  stages: fc.subarray([1, 2, 3, 4, 5]),
  shards: fc.integer({ min: 1, max: 7 }),
});

describe.each([
  { name: "as wide as its song vectors", dimensions: { embedding: 16, hidden: 16 } },
  { name: "wider than its song vectors", dimensions: { embedding: 12, hidden: 20 } },
])("a network $name", ({ dimensions }) => {
  let checkpoint: Checkpoint;
  let reference: UnpartitionedModel;

  beforeAll(async () => {
    checkpoint = await openRandomCheckpoint({ songCount: SONGS, size: dimensions, seed: 5 });
    reference = await createUnpartitionedModel(checkpoint);
  });
  afterAll(() => reference.close());

  test("answers the same in every cut, batch, mask and number of shards", async () => {
    const requests = fc.array(request, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(plan, requests, async (anyPlan, inputs) => {
        const stages = await loadStages(checkpoint, anyPlan);
        const answers = await answerAll(stages, inputs);
        for (const [index, input] of inputs.entries()) {
          const expected = merged([await reference.run(input)], input);
          const actual = merged(answers[index] ?? [], input);
          expectSameRanking(actual, expected);
          expectSameRanking(applyPolicy(actual, POLICY), applyPolicy(expected, POLICY));
        }
        await Promise.all(stages.flat().map((stage) => stage.close()));
      }),
      { numRuns: 30 },
    );
  });

  test("says exhausted exactly when every unmasked row is in the answer", async () => {
    const stages = await loadStages(checkpoint, { stages: 1, shards: 3 });
    await fc.assert(
      fc.asyncProperty(request, fc.integer({ min: 90, max: 101 }), async (input, candidates) => {
        const shards = await lastStageOutputs(stages, { ...input, candidates });
        for (const [index, shard] of shards.entries()) {
          const masked = input.maskedRows.filter((masked) => Math.floor(masked / 100) === index);
          expect(shard.isExhausted).toBe(candidates >= 100 - masked.length);
        }
      }),
      { numRuns: 20 },
    );
    await Promise.all(stages.flat().map((stage) => stage.close()));
  });
});

/** By stage, then shard. */
async function loadStages(
  checkpoint: Checkpoint,
  anyPlan: PartitionPlan,
): Promise<StageRunner[][]> {
  const runners = await Promise.all(
    planPartition(checkpoint.manifest, anyPlan).map((part) => loadStage(checkpoint, part)),
  );
  return Object.values(Object.groupBy(runners, ({ part }) => part.stage)).map(
    (stage) => stage ?? [],
  );
}

/** All requests in one micro-batch through every stage: for each request, a partial of each shard. */
async function answerAll(
  stages: readonly StageRunner[][],
  inputs: readonly StageInput[],
): Promise<ScoredRows[][]> {
  let batch = inputs;
  for (const [first] of stages.slice(0, -1)) {
    const outputs = (await first?.runBatch(batch)) ?? [];
    batch = inputs.map((input, index) => {
      const output = outputs[index];
      return output?.kind === "activations" ? { ...input, activations: output.activations } : input;
    });
  }
  const shards = await Promise.all((stages.at(-1) ?? []).map((shard) => shard.runBatch(batch)));
  return inputs.map((_, index) =>
    shards.flatMap((outputs) => {
      const output = outputs[index];
      return output?.kind === "scored" ? [output.scored] : [];
    }),
  );
}

async function lastStageOutputs(
  stages: readonly StageRunner[][],
  input: StageInput,
): Promise<ScoredRows[]> {
  const outputs = await Promise.all((stages.at(-1) ?? []).map((shard) => shard.run(input)));
  return outputs.flatMap((output) => (output.kind === "scored" ? [output.scored] : []));
}

/** What the domain makes of one partial of every shard. */
function merged(partials: readonly ScoredRows[], { candidates }: StageInput): RankedRow[] {
  const shards = partials.map((partial) => ({
    rows: [...partial.rows],
    scores: [...partial.scores],
    variantScores: [...partial.variantScores],
    artistIds: [...partial.artists],
    versionGroupIds: [...partial.versionGroups],
    exhausted: partial.isExhausted,
  }));
  return mergeShards(shards, candidates).candidates.map((candidate) => ({
    ...candidate,
    variantScores: candidate.variantScores(),
  }));
}

/** Equal scores within the tolerance, and the same row wherever no other score is that close. */
function expectSameRanking(actual: readonly RankedRow[], expected: readonly RankedRow[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, { row, score, variantScores }] of expected.entries()) {
    const found = actual[index];
    expect(found?.score).toSatisfy(isSameScore(score));
    const isClose = (other: RankedRow | undefined) =>
      other !== undefined && Math.abs(other.score - score) < SWAP_TOLERANCE;
    const isLast = index === expected.length - 1;
    if (isLast || isClose(expected[index - 1]) || isClose(expected[index + 1])) continue;
    expect(found?.row).toBe(row);
    for (const [variant, variantScore] of variantScores.entries()) {
      expect(found?.variantScores[variant]).toSatisfy(isSameScore(variantScore));
    }
  }
}

function isSameScore(expected: number): (actual: unknown) => boolean {
  return (actual) => typeof actual === "number" && Math.abs(actual - expected) < SWAP_TOLERANCE;
}
