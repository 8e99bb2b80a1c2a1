import { describe, expect, test } from "vitest";

import { Random } from "../random.ts";
import { adamStepSize, applyAdam, createAdamVector } from "./adam.ts";
import { denseLayoutFor, densePart, initialDenseWeights } from "./dense-layout.ts";
import { SongEmbedding } from "./song-embedding.ts";
import { SparseGradient } from "./sparse-gradient.ts";

describe("Adam", () => {
  test("follows the paper's formulas", () => {
    const vector = createAdamVector(Float32Array.of(1));
    let [value, first, second] = [1, 0, 0];
    for (const [index, slope] of [0.5, -0.2, 0.1].entries()) {
      const step = index + 1;
      applyAdam(vector, 0, 1, Float32Array.of(slope), 0, adamStepSize(0.01, step), 1);
      first = 0.9 * first + 0.1 * slope;
      second = 0.999 * second + 0.001 * slope ** 2;
      value -= (0.01 * first) / (1 - 0.9 ** step) / Math.sqrt(second / (1 - 0.999 ** step));
      expect(vector.values[0]).toBeCloseTo(value, 5);
    }
  });

  test("moves only the rows it is told to", () => {
    const vector = createAdamVector(Float32Array.of(1, 1, 1, 1));
    applyAdam(vector, 2, 1, Float32Array.of(9, 1), 1, 0.1, 1);
    expect([...vector.values].map((value) => value === 1)).toEqual([true, true, false, true]);
  });
});

describe("SparseGradient", () => {
  test("sums by row over more rows than it first has room for, and forgets when cleared", () => {
    const gradient = new SparseGradient(5000, 2);
    for (const _ of [1, 2]) {
      for (let row = 0; row < 3000; row++) gradient.add(row, Float32Array.of(0, row, 1), 1);
      for (let row = 0; row < 3000; row++) gradient.add(row, Float32Array.of(row, 1), 0);
      expect(gradient.rows).toHaveLength(3000);
      expect([...gradient.sums.subarray(5998, 6000)]).toEqual([5998, 2]);
      gradient.clear();
      expect(gradient.rows).toHaveLength(0);
    }
  });
});

describe("SongEmbedding", () => {
  const vectors = Float32Array.of(1, 2, 3, 4, 5, 6);

  test("begins with the vectors it is given, shared between song and artist", () => {
    const embedding = new SongEmbedding(vectors, 2, Int32Array.of(0, 0, 1), 2);
    expect([...embedding.composeAll()]).toEqual([...vectors]);
    expect([...embedding.artists.values]).toEqual([2, 3, 5, 6]);
  });

  test("a step on one song moves its artist's other songs a little, and nobody else's", () => {
    const embedding = new SongEmbedding(vectors, 2, Int32Array.of(0, 0, 1), 2);
    embedding.addVectorGradient(0, Float32Array.of(1, 0), 0);
    embedding.addBiasGradient(0, Float32Array.of(1), 0);
    embedding.update(0.1);
    const moved = embedding.composeAll().map((value, index) => (vectors[index] as number) - value);
    expect(moved[0]).toBeGreaterThan(moved[2] as number);
    expect(moved[2]).toBeGreaterThan(0);
    expect([moved[1], moved[3], moved[4], moved[5]]).toEqual([0, 0, 0, 0]);
    expect(embedding.bias.values[0]).toBeLessThan(0);
    expect([...embedding.bias.values.subarray(1)]).toEqual([0, 0]);
  });
});

describe("dense layout", () => {
  test("covers the vector without gaps; forget gates begin open", () => {
    const dimensions = { embedding: 6, hidden: 8 };
    const layout = denseLayoutFor(dimensions);
    const sizes = layout.parts.reduce((sum, part) => sum + part.size, 0);
    expect(sizes).toBe(layout.size);
    const weights = initialDenseWeights(layout, dimensions, new Random(1));
    const bias = layout.parts.find((part) => part.name === "lstm1.bias");
    const values = bias === undefined ? [] : [...densePart(weights, bias)];
    expect(values).toEqual(
      Array.from({ length: 32 }, (_, unit) => (unit >= 8 && unit < 16 ? 1 : 0)),
    );
  });
});
