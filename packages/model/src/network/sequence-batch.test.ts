import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  gatherSongVectors,
  lastStepsOf,
  packActivations,
  unpackActivations,
} from "./sequence-batch.ts";

const WIDTH = 2;

describe("sequence batch", () => {
  test("holds the vectors of each sequence's rows step by step", () => {
    const songVectors = Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5);
    const batch = gatherSongVectors(songVectors, WIDTH, [Uint32Array.of(2, 0), Uint32Array.of(1)]);
    expect(batch).toMatchObject({ steps: 2, sequences: 2, width: 2 });
    expect([...batch.lengths]).toEqual([2, 1]);
    expect([...batch.data]).toEqual([2, 2.5, 1, 1.5, 0, 0.5, 0, 0]);
  });

  test("gives each request its activations back, padding as zeros", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(lengths, { minLength: 1, maxLength: 4 }), (requests) => {
        const parts = requests.map((variantLengths, request) => {
          const steps = Math.max(...variantLengths);
          const data = new Float32Array(variantLengths.length * steps * WIDTH);
          variantLengths.forEach((length, variant) => {
            const start = variant * steps * WIDTH;
            data.fill(request * 10 + variant + 1, start, start + length * WIDTH);
          });
          return {
            variants: variantLengths.map((length) => new Uint32Array(length)),
            activations: { steps, width: WIDTH, data },
          };
        });
        const batch = packActivations(parts, false);
        const counts = parts.map(({ variants }) => variants.length);
        expect(unpackActivations(batch, counts)).toEqual(
          parts.map(({ activations }) => activations),
        );
      }),
    );
  });

  test("takes one step of each sequence behind layer 4, however long it was", () => {
    const activations = { steps: 1, width: WIDTH, data: Float32Array.of(1, 2, 3, 4) };
    const variants = [new Uint32Array(9), new Uint32Array(7)];
    const batch = packActivations([{ variants, activations }], true);
    expect(batch.steps).toBe(1);
    expect([...batch.data]).toEqual([1, 2, 3, 4]);
  });

  test("knows where each sequence ends", () => {
    expect([...lastStepsOf(Int32Array.of(3, 1))]).toEqual([2n, 0n, 0n, 1n]);
  });
});
