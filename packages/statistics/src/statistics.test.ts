// Every statistic against the plainest way to compute it, for any split and any order of merging.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodeCounts } from "./code-counts.ts";
import { genreCountsFrom } from "./genre-counts.ts";
import { PairCounts } from "./pair-counts.ts";
import { joinPairs, splitPairs } from "./pair-partitions.ts";
import { playCountsFrom } from "./play-counts.ts";
import { artistPartOf, isRecommendedTo, TrendingKeys, trendingKeysOf } from "./trending.ts";
import { userStatisticsFrom } from "./user-statistics.ts";

interface Play {
  readonly user: string;
  readonly song: string;
  readonly artist: string;
  readonly genre: string;
  readonly seconds: number;
}

/** Few names, so that ties and keys that two pairs spell are common. */
const name = fc.constantFrom("a", "b", "a - b", "b - a", "", "__proto__");
const plays = fc.array(
  fc.record<Play>({
    user: name,
    song: name,
    artist: name,
    genre: name,
    seconds: fc.nat({ max: 5 }),
  }),
  { maxLength: 60 },
);
/** Cuts the rows into parts, in an order of their own, each counted apart or with the one before. */
const plan = fc.record({
  partSize: fc.integer({ min: 1, max: 20 }),
  order: fc.infiniteStream(fc.nat({ max: 1_000 })),
  counterCount: fc.integer({ min: 1, max: 4 }),
  partitionCount: fc.integer({ min: 1, max: 5 }),
  hasRepeats: fc.boolean(),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

/** A dictionary that may hold a string twice, as some writer's may. */
function coded(values: readonly string[], hasRepeats: boolean) {
  const dictionary = [...new Set(values)];
  const size = dictionary.length;
  if (hasRepeats) dictionary.push(...dictionary);
  const codes = Uint32Array.from(values, (value, row) => {
    const code = dictionary.indexOf(value);
    return hasRepeats && row % 2 === 1 ? code + size : code;
  });
  return { dictionary, codes };
}

function partsOf(rows: number, { partSize, order }: Plan): { from: number; to: number }[] {
  const parts = Array.from({ length: Math.ceil(rows / partSize) }, (_, part) => ({
    from: part * partSize,
    to: Math.min(rows, (part + 1) * partSize),
    rank: Number(order.next().value),
  }));
  return parts.sort((left, right) => left.rank - right.rank);
}

function pairsOf(
  lefts: Uint32Array,
  rights: Uint32Array,
  amounts: Int32Array | undefined,
  cut: Plan,
) {
  const hasAmounts = amounts !== undefined;
  const counters = Array.from({ length: cut.counterCount }, () => new PairCounts({ hasAmounts }));
  for (const [index, { from, to }] of partsOf(lefts.length, cut).entries()) {
    counters[index % cut.counterCount]?.add(
      lefts.subarray(from, to),
      rights.subarray(from, to),
      from,
      amounts?.subarray(from, to),
    );
  }
  const shuffled = counters.map((counter) => splitPairs(counter.columns(), cut.partitionCount));
  const reduced = Array.from({ length: cut.partitionCount }, (_, partition) => {
    const counts = new PairCounts({ hasAmounts });
    for (const parts of shuffled) {
      const part = parts[partition];
      if (part !== undefined) counts.merge(part);
    }
    return counts.columns();
  });
  return joinPairs(reduced);
}

/** In order of first appearance. */
function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Most first; sorting keeps the order of ties. */
const ranked = (counts: Map<string, number>) =>
  [...counts].toSorted(([, left], [, right]) => right - left);

describe("play counts", () => {
  test("are what a dictionary of keys counts, in order of first appearance", () => {
    fc.assert(
      fc.property(plays, plan, (rows, cut) => {
        const artists = coded(
          rows.map(({ artist }) => artist),
          cut.hasRepeats,
        );
        const songs = coded(
          rows.map(({ song }) => song),
          cut.hasRepeats,
        );
        const pairs = pairsOf(artists.codes, songs.codes, undefined, cut);
        const { keys, counts, firstRows } = playCountsFrom(
          pairs,
          artists.dictionary,
          songs.dictionary,
        );
        const spelt = rows.map(({ artist, song }) => `${artist} - ${song}`);
        expect(keys.map((key, entry) => [key, counts[entry]])).toEqual([...tally(spelt)]);
        expect([...firstRows]).toEqual(keys.map((key) => spelt.indexOf(key)));
      }),
    );
  });
});

describe("user statistics", () => {
  test("are what going through each user's plays gives", () => {
    fc.assert(
      fc.property(plays, plan, (rows, cut) => {
        const users = coded(
          rows.map(({ user }) => user),
          cut.hasRepeats,
        );
        const artists = coded(
          rows.map(({ artist }) => artist),
          cut.hasRepeats,
        );
        const seconds = Int32Array.from(rows, (row) => row.seconds);
        const found = userStatisticsFrom(
          pairsOf(users.codes, artists.codes, seconds, cut),
          users.dictionary,
          artists.dictionary,
        );
        const ids = [...new Set(rows.map(({ user }) => user))];
        const totals = ids.map((id) =>
          rows.filter(({ user }) => user === id).reduce((sum, row) => sum + row.seconds, 0),
        );
        const artistsOf = (id: string) =>
          rows.filter(({ user }) => user === id).map(({ artist }) => artist);
        expect(found.users).toEqual(ids);
        expect([...found.totalSeconds]).toEqual(totals);
        expect(found.topArtists).toEqual(ids.map((id) => ranked(tally(artistsOf(id)))[0]?.[0]));
        const byTotal = ranked(new Map(ids.map((id, entry) => [id, totals[entry] ?? 0])));
        expect(found.topUsers).toEqual(byTotal.slice(0, 5).map(([id]) => id));
      }),
    );
  });
});

describe("genre counts", () => {
  test("are every genre, most played first", () => {
    fc.assert(
      fc.property(plays, plan, (rows, cut) => {
        const values = rows.map(({ genre }) => genre);
        const { dictionary, codes } = coded(values, cut.hasRepeats);
        const total = new CodeCounts();
        for (const { from, to } of partsOf(rows.length, cut)) {
          const part = new CodeCounts();
          part.add(codes.subarray(from, to), from);
          total.merge(part.columns());
        }
        const { genres, counts } = genreCountsFrom(total.columns(), dictionary);
        expect(genres.map((genre, entry) => [genre, counts[entry]])).toEqual(ranked(tally(values)));
      }),
    );
  });
});

describe("trending keys", () => {
  test("are the five most played, ties by first appearance where that is known", () => {
    const counts = fc.array(fc.nat({ max: 6 }), { maxLength: 30 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 7 }), (values, partSize) => {
        const keys = values.map((_, entry) => `key ${entry}`);
        const trending = new TrendingKeys();
        for (let from = 0; from < keys.length; from += partSize) {
          const part = values.slice(from, from + partSize);
          trending.add(keys.slice(from, from + partSize), part.map(BigInt));
        }
        const expected = ranked(new Map(keys.map((key, entry) => [key, values[entry] ?? 0])));
        expect(trending.keys()).toEqual(expected.slice(0, 5).map(([key]) => key));
      }),
    );
  });

  test("are the five most played, ties by key where no order is known", () => {
    const counts = fc.dictionary(fc.string({ maxLength: 2 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(counts, (byKey) => {
        const expected = Object.entries(byKey).toSorted(
          ([leftKey, left], [rightKey, right]) => right - left || (leftKey < rightKey ? -1 : 1),
        );
        expect(trendingKeysOf(Object.keys(byKey), Object.values(byKey))).toEqual(
          expected.slice(0, 5).map(([key]) => key),
        );
      }),
    );
  });

  test("belong to the artist before the last separator", () => {
    expect(artistPartOf("Simon - Garfunkel - 42")).toBe("Simon - Garfunkel");
    expect(artistPartOf("without")).toBe("without");
  });

  test("are recommended to those whose top artist made them not", () => {
    expect(isRecommendedTo("Prince", "Prince - 1")).toBe(false);
    expect(isRecommendedTo("Prince", "Prince & The Revolution - 1")).toBe(true);
    expect(isRecommendedTo("", "Prince - 1")).toBe(false);
  });
});
