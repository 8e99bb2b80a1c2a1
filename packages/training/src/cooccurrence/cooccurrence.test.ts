import { describe, expect, test } from "vitest";

import { Random } from "../random.ts";
import { sessionsFromLists } from "../sessions/sessions.ts";
import { associationMatrix } from "./association-matrix.ts";
import { sessionNeighbours } from "./neighbours.ts";
import { type CooccurrenceOptions, eachCooccurrences } from "./occurrences.ts";
import { spectralVectors } from "./spectral-vectors.ts";

function weightsOf(lists: number[][], songCount: number, options: CooccurrenceOptions) {
  const found: Record<string, number> = {};
  eachCooccurrences(sessionsFromLists(lists), songCount, options, (song, { songs, weights }) => {
    for (const other of songs) found[`${song} ${other}`] = weights[other] as number;
  });
  return found;
}

describe("eachCooccurrences", () => {
  test("sums weights by distance within sessions, never across them", () => {
    const weigh = (distance: number) => 1 / distance;
    expect(
      weightsOf(
        [
          [0, 1, 2],
          [1, 0],
        ],
        3,
        { direction: "both", weigh },
      ),
    ).toEqual({
      "0 1": 2,
      "1 0": 2,
      "0 2": 0.5,
      "2 0": 0.5,
      "1 2": 1,
      "2 1": 1,
    });
  });

  test("looks only after a song and only so far, when told to", () => {
    const options = { direction: "after", distanceMax: 1, weigh: () => 1 } as const;
    expect(weightsOf([[0, 1, 2, 0]], 3, options)).toEqual({ "0 1": 1, "1 2": 1, "2 0": 1 });
  });

  test("does not count a song as its own neighbour", () => {
    expect(weightsOf([[3, 3]], 4, { direction: "both", weigh: () => 1 })).toEqual({});
  });
});

describe("sessionNeighbours", () => {
  test("lists the closest songs first, and -1 where there are fewer", () => {
    const table = sessionNeighbours(
      sessionsFromLists([
        [0, 1, 2],
        [0, 1],
      ]),
      4,
      3,
    );
    expect([...table.rows.subarray(0, 3)]).toEqual([1, 2, -1]);
    expect([...table.weights.subarray(0, 3)]).toEqual([2, 0.5, 0]);
    expect([...table.rows.subarray(9)]).toEqual([-1, -1, -1]);
  });
});

describe("the start from co-occurrence", () => {
  const random = new Random(1);
  /** Two groups of songs that never share a session. */
  const lists = Array.from({ length: 200 }, (_, index) =>
    Array.from({ length: 6 }, () => (index % 2) * 10 + random.below(10)),
  );
  const matrix = associationMatrix(sessionsFromLists(lists), 20);

  test("the association matrix is symmetric and positive", () => {
    const dense = new Map<string, number>();
    for (let row = 0; row < matrix.size; row++) {
      for (let at = matrix.offsets[row] as number; at < (matrix.offsets[row + 1] as number); at++) {
        dense.set(`${row} ${matrix.columns[at]}`, matrix.values[at] as number);
      }
    }
    expect(dense.size).toBeGreaterThan(50);
    for (const [pair, value] of dense) {
      expect(value).toBeGreaterThan(0);
      expect(dense.get(pair.split(" ").reverse().join(" "))).toBeCloseTo(value, 5);
    }
  });

  test("songs of one group point the same way in two dimensions, of two groups do not", () => {
    const vectors = spectralVectors(matrix, 2, new Random(1));
    const cosine = (one: number, other: number) => {
      const a = vectors.subarray(one * 2, one * 2 + 2);
      const b = vectors.subarray(other * 2, other * 2 + 2);
      const dot = a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
      return dot / (Math.hypot(...a) * Math.hypot(...b));
    };
    expect(cosine(0, 9)).toBeGreaterThan(0.9);
    expect(cosine(10, 19)).toBeGreaterThan(0.9);
    expect(Math.abs(cosine(0, 19))).toBeLessThan(0.3);
  });

  test("finds the leading eigenvectors of a matrix whose answer is known", () => {
    const diagonal = {
      size: 3,
      offsets: Int32Array.of(0, 1, 2, 3),
      columns: Int32Array.of(0, 1, 2),
      values: Float32Array.of(9, 4, 0.01),
    };
    const vectors = spectralVectors(diagonal, 2, new Random(3));
    expect(Math.abs(vectors[0] as number)).toBeCloseTo(3, 2);
    expect(Math.abs(vectors[3] as number)).toBeCloseTo(2, 2);
    expect(Math.abs(vectors[4] as number)).toBeCloseTo(0, 2);
  });
});
