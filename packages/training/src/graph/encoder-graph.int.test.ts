// Real: onnxruntime, a seeded random model, the stages that serve it. Nothing is fake.
import {
  createSession,
  loadStage,
  openRandomCheckpoint,
  planPartition,
  TENSORS,
  type TensorName,
} from "@segue/model";
import { describe, expect, test } from "vitest";

import { denseLayoutFor } from "../weights/dense-layout.ts";
import { buildEncoderGraph } from "./encoder-graph.ts";

const ROWS = Uint32Array.of(0, 7, 14, 7, 21, 28, 35);

describe("encoder graph", () => {
  test.each([
    { embedding: 12, hidden: 16 },
    { embedding: 16, hidden: 16 },
  ])("asks what serving asks, with $embedding and $hidden units", async (dimensions) => {
    const checkpoint = await openRandomCheckpoint({ songCount: 40, size: dimensions, seed: 4 });
    const { embedding } = dimensions;
    const songVectors = await checkpoint.readFloats(TENSORS.songVectors);
    const inputVectors = new Float32Array(ROWS.length * embedding);
    ROWS.forEach((row, step) => {
      const vector = songVectors.subarray(row * embedding, (row + 1) * embedding);
      inputVectors.set(vector, step * embedding);
    });
    const layout = denseLayoutFor(dimensions);
    const weights: number[] = [];
    for (const { name } of layout.parts) {
      weights.push(...(await checkpoint.readFloats(name as TensorName)));
    }
    const encoder = await createSession(buildEncoderGraph(dimensions));
    const { queries } = await encoder.run(
      {
        inputVectors: { data: inputVectors, shape: [ROWS.length, 1, embedding] },
        weights: { data: Float32Array.from(weights), shape: [layout.size] },
      },
      ["queries"],
    );

    const [part] = planPartition(checkpoint.manifest, { stages: [5], shards: 1 });
    if (part === undefined) throw new Error("A plan has a first part");
    const serving = await loadStage(checkpoint, part);
    const output = await serving.run({
      variants: [ROWS],
      maskedRows: new Uint32Array(),
      candidates: 1,
    });
    if (output.kind !== "activations") throw new Error("Layer 5 gives activations");
    const lastQuery = queries.data.subarray((ROWS.length - 1) * embedding);
    output.activations.data.forEach((value, unit) => {
      expect(value).toBeCloseTo(lastQuery[unit] ?? Number.NaN, 5);
    });
    expect(output.activations.data).toHaveLength(embedding);
    await Promise.all([encoder.close(), serving.close()]);
  });
});
