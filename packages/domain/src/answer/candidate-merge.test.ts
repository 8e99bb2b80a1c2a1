import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPolicy } from "./answer-policy.ts";
import {
  CANDIDATES_MAX,
  candidateCountFor,
  mergeShards,
  ranksBefore,
  type ShardScores,
  widenedCandidateCount,
} from "./candidate-merge.ts";

interface Scored {
  readonly row: number;
  readonly score: number;
  readonly artist: number;
  readonly versionGroup: number;
}

const VARIANTS = 3;
const variantScore = (row: number, variant: number): number => row * 10 + variant;

/** What one shard of the catalogue answers when `candidateCount` rows are asked of it. */
function shardScores(songs: readonly Scored[], candidateCount: number): ShardScores {
  const ranked = [...songs].sort((left, right) => (ranksBefore(left, right) ? -1 : 1));
  const best = ranked.slice(0, candidateCount);
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    best.map(({ row }) => variantScore(row, variant)),
  );
  return {
    rows: best.map(({ row }) => row),
    scores: best.map(({ score }) => score),
    variantScores: variants.flat(),
    artistIds: best.map(({ artist }) => artist),
    versionGroupIds: best.map(({ versionGroup }) => versionGroup),
    exhausted: ranked.length <= candidateCount,
  };
}

const someCatalogue = fc
  .array(
    fc.record({
      // Few distinct scores, so that ties between shards are common.
      score: fc.integer({ min: -4, max: 4 }),
      artist: fc.nat(5),
      versionGroup: fc.nat(20),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((songs) => songs.map((song, row): Scored => ({ ...song, row })));

function cutAt(songs: readonly Scored[], cuts: readonly number[]): Scored[][] {
  const ends = [...new Set(cuts.map((cut) => cut % (songs.length + 1)))].sort((a, b) => a - b);
  return [...ends, songs.length].map((end, index) => songs.slice(ends[index - 1] ?? 0, end));
}

/** Asks wider and wider, as the dispatcher does. */
function answerOf(shards: readonly Scored[][], limit: number, first: number): number[] {
  for (let candidateCount = first; ; candidateCount *= 2) {
    const merged = mergeShards(
      shards.map((songs) => shardScores(songs, candidateCount)),
      candidateCount,
    );
    const chosen = applyPolicy(merged.candidates, { limit, songsPerArtistMax: 2 });
    if (chosen.length === limit || merged.isExhausted) return chosen.map(({ row }) => row);
  }
}

describe("merge of shards", () => {
  test("ranks by score descending, then row ascending", () => {
    const songs = [3, 1, 2].map((score, row) => ({ row, score, artist: row, versionGroup: row }));
    const tied = { row: 3, score: 3, artist: 3, versionGroup: 3 };
    const merged = mergeShards([shardScores([tied], 9), shardScores(songs, 9)], 9);
    expect(merged.candidates.map(({ row }) => row)).toEqual([0, 3, 2, 1]);
    expect(merged.isExhausted).toBe(true);
  });

  test("gives the same answer for every division into shards", () => {
    fc.assert(
      fc.property(
        someCatalogue,
        fc.array(fc.nat(100), { maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        (songs, cuts, limit, first) => {
          const whole = answerOf([songs], limit, 1_000);
          expect(answerOf(cutAt(songs, cuts), limit, first)).toEqual(whole);
        },
      ),
    );
  });

  test("cuts to the best so many, beyond which the order is not known", () => {
    const songs = Array.from({ length: 10 }, (_, row) => ({
      row,
      score: -row,
      artist: row,
      versionGroup: row,
    }));
    const shards = [songs.slice(0, 5), songs.slice(5)].map((part) => shardScores(part, 4));
    const merged = mergeShards(shards, 4);
    expect(merged.candidates.map(({ row }) => row)).toEqual([0, 1, 2, 3]);
    expect(merged.isExhausted).toBe(false);
  });

  test("keeps each candidate's scores under every variant", () => {
    fc.assert(
      fc.property(someCatalogue, fc.array(fc.nat(100), { maxLength: 4 }), (songs, cuts) => {
        const shards = cutAt(songs, cuts).map((part) => shardScores(part, 100));
        for (const candidate of mergeShards(shards, 100).candidates) {
          expect(candidate.variantScores()).toEqual(
            Array.from({ length: VARIANTS }, (_, variant) => variantScore(candidate.row, variant)),
          );
        }
      }),
    );
  });
});

describe("number of candidates", () => {
  test("is five times the limit, at least 200", () => {
    expect(candidateCountFor(20)).toBe(200);
    expect(candidateCountFor(100)).toBe(500);
  });

  test("doubles until it is as large as a message allows", () => {
    expect(widenedCandidateCount(200)).toBe(400);
    expect(widenedCandidateCount(6_400)).toBe(CANDIDATES_MAX);
    expect(widenedCandidateCount(CANDIDATES_MAX)).toBeNull();
  });
});
