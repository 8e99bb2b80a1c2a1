import { readFileSync } from "node:fs";

import { createSession, type InputTensor } from "@segue/model";
import { describe, expect, test } from "vitest";

import {
  buildTrainingGraph,
  HIDDEN_MASKS,
  TRAINING_OUTPUTS,
} from "../../src/graph/training-graph.ts";
import { denseLayoutFor, densePart } from "../../src/weights/dense-layout.ts";

/** Written by make-golden.py. */
interface Golden {
  readonly dimensions: { readonly embedding: number; readonly hidden: number };
  readonly inputs: Readonly<Record<string, number[]>>;
  readonly places: number[];
  readonly targetRows: number[];
  readonly negativeRows: number[];
  readonly loss: number;
  /** Little-endian float32 in base64. */
  readonly gradients: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL("gradients.golden.json", import.meta.url), "utf8"),
) as Golden;
const layout = denseLayoutFor(golden.dimensions);
const TOLERANCE = 1e-5;

describe("the training graph's gradients", () => {
  test("agree with PyTorch's within 1e-5, for every weight and every input", async () => {
    const { outputs, gradients } = await runGraph(goldenFeeds());
    expect(Math.abs((outputs.loss.data[0] as number) - golden.loss)).toBeLessThan(1e-3);
    expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.gradients).sort());
    for (const [name, base64] of Object.entries(golden.gradients)) {
      const expected = decode(base64);
      expect(maxDifference(gradients.get(name) ?? new Float32Array(), expected), name).toBeLessThan(
        TOLERANCE,
      );
      expect(Math.hypot(...expected), name).toBeGreaterThan(100 * TOLERANCE);
    }
  });

  test("do not change when padded sessions are added to the batch", async () => {
    const plain = await runGraph(goldenFeeds());
    const padded = await runGraph(withPaddedSession(goldenFeeds()));
    for (const [name, gradient] of plain.gradients) {
      if (name === "inputVectors") continue;
      expect(
        maxDifference(padded.gradients.get(name) ?? new Float32Array(), gradient),
        name,
      ).toBeLessThan(1e-6);
    }
  });
});

async function runGraph(feeds: Record<string, InputTensor>) {
  const session = await createSession(buildTrainingGraph(golden.dimensions));
  try {
    const outputs = await session.run(feeds, TRAINING_OUTPUTS);
    const gradients = new Map<string, Float32Array>();
    for (const part of layout.parts)
      gradients.set(part.name, densePart(outputs.gradient.data, part));
    gradients.set("inputVectors", outputs.inputGradient.data);
    gradients.set("targetVectors", outputs.targetGradient.data);
    gradients.set("targetBias", outputs.targetBiasGradient.data);
    gradients.set("negativeVectors", outputs.negativeGradient.data);
    gradients.set("negativeBias", outputs.negativeBiasGradient.data);
    return { outputs, gradients };
  } finally {
    await session.close();
  }
}

function goldenFeeds(): Record<string, InputTensor> {
  const feeds: Record<string, InputTensor> = {};
  const weights = new Float32Array(layout.size);
  const parts = new Map<string, Float32Array>(
    layout.parts.map((part) => [part.name, densePart(weights, part)]),
  );
  let state = 1;
  for (const [name, shape] of Object.entries(golden.inputs)) {
    const data =
      parts.get(name) ?? new Float32Array(shape.reduce((size, length) => size * length, 1));
    for (let index = 0; index < data.length; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[index] = state / 2 ** 31 - 1;
    }
    if (!parts.has(name)) feeds[name] = { data, shape };
  }
  const { places, targetRows, negativeRows } = golden;
  return {
    ...feeds,
    weights: { data: weights, shape: [layout.size] },
    positions: { data: Int32Array.from(places), shape: [places.length] },
    targetRows: { data: Int32Array.from(targetRows), shape: [targetRows.length, 1] },
    negativeRows: { data: Int32Array.from(negativeRows), shape: [1, negativeRows.length] },
    scale: { data: Float32Array.of(1 / places.length), shape: [] },
  };
}

/** The same positions in a batch of one more session, of which nothing is real. */
function withPaddedSession(feeds: Record<string, InputTensor>): Record<string, InputTensor> {
  const [steps = 0, batch = 0] = feeds["inputVectors"]?.shape ?? [];
  const widened = { ...feeds };
  for (const name of ["inputVectors", "inputMask", ...HIDDEN_MASKS]) {
    widened[name] = addColumn(feeds[name] as InputTensor, name === "inputVectors" ? 0 : 1);
  }
  const positions = Int32Array.from(golden.places, (place) => {
    const step = Math.floor(place / batch);
    return step * (batch + 1) + (place - step * batch);
  });
  expect(Math.max(...positions)).toBeLessThan(steps * (batch + 1));
  return { ...widened, positions: { data: positions, shape: [positions.length] } };
}

function addColumn({ data, shape }: InputTensor, value: number): InputTensor {
  const [steps = 0, batch = 0, width = 0] = shape;
  const wide = new Float32Array(steps * (batch + 1) * width).fill(value);
  for (let step = 0; step < steps; step++) {
    const from = step * batch * width;
    wide.set(data.subarray(from, from + batch * width) as Float32Array, step * (batch + 1) * width);
  }
  return { data: wide, shape: [steps, batch + 1, width] };
}

function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
}

function maxDifference(one: Float32Array, other: Float32Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - (other[index] as number))),
    0,
  );
}
