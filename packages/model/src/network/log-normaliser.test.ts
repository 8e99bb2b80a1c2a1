import { describe, expect, test } from "vitest";
import {
  logNormalisersOf,
  outputOf,
  REFERENCE_SONGS_MAX,
  type ReferenceSongs,
  referenceRowsFor,
} from "./log-normaliser.ts";

const WIDTH = 6;

function randomFloats(length: number, seed: number, scale: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * scale;
  });
}

function referenceOf(songVectors: Float32Array, bias: Float32Array): ReferenceSongs {
  const rows = referenceRowsFor(bias.length);
  return {
    songCount: bias.length,
    songVectors: Float32Array.from(
      rows.length * WIDTH === 0
        ? []
        : [...rows].flatMap((row) => [...songVectors.subarray(row * WIDTH, (row + 1) * WIDTH)]),
    ),
    bias: Float32Array.from(rows, (row) => bias[row] ?? 0),
  };
}

function probabilitySum(songCount: number, scale: number): number {
  const songVectors = randomFloats(songCount * WIDTH, 3, scale);
  const bias = randomFloats(songCount, 5, 1);
  const query = randomFloats(WIDTH, 7, scale);
  const [normaliser = Number.NaN] = logNormalisersOf(query, WIDTH, referenceOf(songVectors, bias));
  let sum = 0;
  for (let row = 0; row < songCount; row++) {
    sum += Math.exp(outputOf(query, songVectors, bias[row] ?? 0, row * WIDTH) - normaliser);
  }
  return sum;
}

describe("log normaliser", () => {
  test("makes probabilities of scores, exactly while the sample holds every song", () => {
    expect(probabilitySum(500, 2)).toBeCloseTo(1, 12);
    expect(probabilitySum(REFERENCE_SONGS_MAX, 2)).toBeCloseTo(1, 12);
  });

  test("comes near to that where the sample stands for a larger catalogue", () => {
    expect(Math.abs(probabilitySum(50_000, 2) - 1)).toBeLessThan(0.1);
  });

  test("does not overflow where exponentials do", () => {
    const reference = {
      songVectors: new Float32Array(2 * WIDTH),
      bias: Float32Array.of(900, 900),
      songCount: 2,
    };
    const [normaliser] = logNormalisersOf(new Float32Array(WIDTH), WIDTH, reference);
    expect(normaliser).toBeCloseTo(900 + Math.log(2), 9);
  });

  test("gives each variant its own", () => {
    const reference = referenceOf(randomFloats(60, 1, 2), randomFloats(10, 2, 1));
    const queries = randomFloats(3 * WIDTH, 9, 2);
    const together = logNormalisersOf(queries, WIDTH, reference);
    const alone = [0, 1, 2].map(
      (variant) =>
        logNormalisersOf(
          queries.subarray(variant * WIDTH, (variant + 1) * WIDTH),
          WIDTH,
          reference,
        )[0],
    );
    expect([...together]).toEqual(alone);
    expect(new Set(together).size).toBe(3);
  });
});

describe("reference rows", () => {
  test("are distinct, ascending and spread over the whole catalogue", () => {
    const rows = referenceRowsFor(1_000_000);
    expect(rows).toHaveLength(REFERENCE_SONGS_MAX);
    expect(rows.every((row, index) => index === 0 || row > (rows[index - 1] ?? row))).toBe(true);
    expect(rows.at(-1)).toBeGreaterThan(999_000);
    expect([...referenceRowsFor(3)]).toEqual([0, 1, 2]);
  });
});
