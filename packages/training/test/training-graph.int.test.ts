import { createSession } from "@segue/model";
import { describe, expect, test } from "vitest";

import { buildEncoderGraph } from "../src/graph/encoder-graph.ts";
import { buildTrainingGraph, HIDDEN_MASKS, TRAINING_OUTPUTS } from "../src/graph/training-graph.ts";
import { Random } from "../src/random.ts";
import { denseLayoutFor } from "../src/weights/dense-layout.ts";
import { type ReferenceCase, referenceLoss, referenceQueries } from "./reference-network.ts";

const STEPS = 2;

describe.each([
  { embedding: 3, hidden: 4 },
  { embedding: 4, hidden: 4 },
])("the training graph of widths $embedding and $hidden", (dimensions) => {
  const given = createCase(dimensions);

  test("computes the loss of a reference in float64, the softmax over all songs", async () => {
    const { loss } = await runTraining(given);
    expect(loss / STEPS).toBeCloseTo(referenceLoss(given), 5);
  });

  test("has the slopes that finite differences of the reference show", async () => {
    const { gradient, inputGradient } = await runTraining(given);
    for (const [index, slope] of gradient.entries()) {
      const expected = slopeOf((by) => {
        const weights = given.weights.with(index, (given.weights[index] as number) + by);
        return referenceLoss({ ...given, weights });
      });
      expect(Math.abs(slope - expected), `weight ${index}`).toBeLessThan(1e-5);
    }
    for (const [index, slope] of inputGradient.entries()) {
      const [step, unit] = [Math.floor(index / dimensions.embedding), index % dimensions.embedding];
      const expected = slopeOf((by) => {
        const input = given.inputs[step] ?? [];
        const moved = input.with(unit, (input[unit] as number) + by);
        return referenceLoss({ ...given, inputs: given.inputs.with(step, moved) });
      });
      expect(Math.abs(slope - expected), `input ${index}`).toBeLessThan(1e-5);
    }
  });

  test("asks, after the same songs, what the encoder graph and the reference ask", async () => {
    const encoder = await createSession(buildEncoderGraph(dimensions));
    const { queries } = await encoder.run(sequenceFeeds(given), ["queries"]);
    await encoder.close();
    for (const [index, value] of referenceQueries(given).flat().entries()) {
      expect(Math.abs((queries.data[index] as number) - value)).toBeLessThan(1e-5);
    }
  });
});

/** Central difference of a function of how far one number is moved. */
function slopeOf(lossWhenMoved: (by: number) => number): number {
  const distance = 1e-5;
  return (lossWhenMoved(distance) - lossWhenMoved(-distance)) / (2 * distance);
}

function createCase(dimensions: ReferenceCase["dimensions"]): ReferenceCase {
  const random = new Random(3, dimensions.embedding);
  const numbers = (length: number) => Array.from({ length }, () => random.unit() * 2 - 1);
  const vectors = (count: number) =>
    Array.from({ length: count }, () => numbers(dimensions.embedding));
  const [inputs, targets, others] = [vectors(STEPS), vectors(STEPS), vectors(5)];
  return {
    dimensions,
    weights: numbers(denseLayoutFor(dimensions).size).map(Math.fround),
    inputs,
    targets,
    negatives: others,
  };
}

async function runTraining(given: ReferenceCase) {
  const { embedding, hidden } = given.dimensions;
  const session = await createSession(buildTrainingGraph(given.dimensions));
  const ones = (...shape: number[]) => ({
    data: new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(1),
    shape,
  });
  const negatives = given.negatives.length;
  const masks = Object.fromEntries(HIDDEN_MASKS.map((name) => [name, ones(1, 1, hidden)]));
  const outputs = await session.run(
    {
      ...sequenceFeeds(given),
      ...masks,
      inputMask: ones(STEPS, 1, embedding),
      targetVectors: matrix(given.targets),
      negativeVectors: matrix(given.negatives),
      targetBias: { data: new Float32Array(STEPS), shape: [STEPS, 1] },
      negativeBias: { data: new Float32Array(negatives), shape: [1, negatives] },
      positions: { data: Int32Array.from({ length: STEPS }, (_, step) => step), shape: [STEPS] },
      targetRows: { data: new Int32Array(STEPS).fill(-1), shape: [STEPS, 1] },
      negativeRows: { data: new Int32Array(negatives), shape: [1, negatives] },
      scale: { data: Float32Array.of(1 / STEPS), shape: [] },
    },
    TRAINING_OUTPUTS,
  );
  await session.close();
  return {
    loss: outputs.loss.data[0] as number,
    gradient: outputs.gradient.data,
    inputGradient: outputs.inputGradient.data,
  };
}

function sequenceFeeds({ dimensions, weights, inputs }: ReferenceCase) {
  return {
    weights: { data: Float32Array.from(weights), shape: [weights.length] },
    inputVectors: { data: matrix(inputs).data, shape: [STEPS, 1, dimensions.embedding] },
  };
}

function matrix(rows: readonly (readonly number[])[]) {
  return { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] };
}
