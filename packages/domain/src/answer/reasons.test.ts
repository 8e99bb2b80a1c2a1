import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaveOneOut } from "./model-input.ts";
import { REASONS_MAX, reasonsFor } from "./reasons.ts";

const someScores = fc.integer({ min: 2, max: 20 }).chain((songCount) => {
  const variants = leaveOneOut(Array.from({ length: songCount }, (_, row) => row));
  const count = variants.sequences.length - 1;
  const score = fc.float({ min: -20, max: 20, noNaN: true });
  return fc.record({
    variants: fc.constant(variants),
    score,
    variantScores: fc.array(score, { minLength: count, maxLength: count }),
  });
});

const of = (...groups: readonly number[][]) => ({ groups, wideGroups: [] });

describe("reasons", () => {
  test("name only songs without whose group the score falls", () => {
    fc.assert(
      fc.property(someScores, ({ variants, score, variantScores }) => {
        for (const { position } of reasonsFor(score, variantScores, variants)) {
          const groups = [...variants.groups, ...variants.wideGroups];
          const speaks = groups.some(
            (group, index) => group.includes(position) && (variantScores[index] ?? 99) < score,
          );
          expect(speaks).toBe(true);
        }
      }),
    );
  });

  test("are at most three, the weightiest first, their shares within one", () => {
    fc.assert(
      fc.property(someScores, ({ variants, score, variantScores }) => {
        const weights = reasonsFor(score, variantScores, variants).map(({ weight }) => weight);
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
      fc.property(someScores, ({ variants, score, variantScores }) => {
        const isNamed = reasonsFor(score, variantScores, variants).length > 0;
        expect(isNamed).toBe(variantScores.some((variant) => score - variant > 1e-6));
      }),
    );
  });

  test("weigh a song by how much the score falls without it", () => {
    expect(reasonsFor(10, [9, 11, 7], of([0], [1], [2]))).toEqual([
      { position: 2, weight: 0.75 },
      { position: 0, weight: 0.25 },
    ]);
  });

  test("share a group's weight among its songs, the later ones named first", () => {
    const variants = leaveOneOut(Array.from({ length: 16 }, (_, row) => row));
    const scores = variants.groups.map((_, index) => (index === 3 ? 6 : 10));
    expect(reasonsFor(10, scores, variants)).toEqual([
      { position: 7, weight: 0.5 },
      { position: 6, weight: 0.5 },
    ]);
  });

  test("do not rest on differences that are the arithmetic's own", () => {
    expect(reasonsFor(10, [10 - 5e-7, 9], of([0], [1]))).toEqual([{ position: 1, weight: 1 }]);
  });

  test("name what the songs do together when each of them can be spared", () => {
    const three = {
      groups: [[0], [1], [2]],
      wideGroups: [
        [0, 1],
        [1, 2],
      ],
    };
    expect(reasonsFor(10, [10.5, 12, 11, 8, 9], three)).toEqual([
      { position: 1, weight: 0.5 },
      { position: 0, weight: 1 / 3 },
      { position: 2, weight: 0.5 / 3 },
    ]);
    const [first] = reasonsFor(10, [10.5, 12, 9.5, 1, 1], three);
    expect(first).toEqual({ position: 2, weight: 1 });
  });

  test("are none when the score rises without any of the songs", () => {
    expect(reasonsFor(10, [10.5, 12], of([0], [1]))).toEqual([]);
  });
});
