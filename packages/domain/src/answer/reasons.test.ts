import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaveOneOut } from "./model-input.ts";
import { REASONS_MAX, reasonsFor } from "./reasons.ts";

const someScores = fc.integer({ min: 2, max: 20 }).chain((songCount) => {
  const { groups } = leaveOneOut(Array.from({ length: songCount }, (_, row) => row));
  const score = fc.float({ min: -20, max: 20, noNaN: true });
  return fc.record({
    groups: fc.constant(groups),
    score,
    variantScores: fc.array(score, { minLength: groups.length, maxLength: groups.length }),
  });
});

describe("reasons", () => {
  test("name only songs without whose group the score falls", () => {
    fc.assert(
      fc.property(someScores, ({ groups, score, variantScores }) => {
        for (const { position } of reasonsFor(score, variantScores, groups)) {
          const group = groups.findIndex((positions) => positions.includes(position));
          expect(variantScores[group]).toBeLessThan(score);
        }
      }),
    );
  });

  test("are at most three, the weightiest first, their shares within one", () => {
    fc.assert(
      fc.property(someScores, ({ groups, score, variantScores }) => {
        const weights = reasonsFor(score, variantScores, groups).map(({ weight }) => weight);
        expect(weights.length).toBeLessThanOrEqual(REASONS_MAX);
        expect(weights).toEqual([...weights].sort((left, right) => right - left));
        expect(weights.every((weight) => weight > 0)).toBe(true);
        const sum = weights.reduce((total, weight) => total + weight, 0);
        expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("are there whenever some song speaks for the answer", () => {
    fc.assert(
      fc.property(someScores, ({ groups, score, variantScores }) => {
        const isNamed = reasonsFor(score, variantScores, groups).length > 0;
        expect(isNamed).toBe(variantScores.some((variant) => score - variant > 1e-6));
      }),
    );
  });

  test("weigh a song by how much the score falls without it", () => {
    expect(reasonsFor(10, [9, 11, 7], [[0], [1], [2]])).toEqual([
      { position: 2, weight: 0.75 },
      { position: 0, weight: 0.25 },
    ]);
  });

  test("share a group's weight among its songs, the later ones named first", () => {
    const groups = leaveOneOut(Array.from({ length: 16 }, (_, row) => row)).groups;
    const scores = groups.map((_, index) => (index === 3 ? 6 : 10));
    expect(reasonsFor(10, scores, groups)).toEqual([
      { position: 7, weight: 0.5 },
      { position: 6, weight: 0.5 },
    ]);
  });

  test("do not rest on differences that are the arithmetic's own", () => {
    expect(reasonsFor(10, [10 - 5e-7, 9], [[0], [1]])).toEqual([{ position: 1, weight: 1 }]);
  });

  test("are none when the score rises without any of the songs", () => {
    expect(reasonsFor(10, [10.5, 12], [[0], [1]])).toEqual([]);
  });
});
