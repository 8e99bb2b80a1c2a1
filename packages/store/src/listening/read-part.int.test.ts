// Real: SQLite. Nothing is fake.
import {
  ALL_TIME,
  type BucketRange,
  bucketOf,
  type CountedPlay,
  recountListening,
} from "@segue/statistics/live";
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../../testkit/src/seeded-random.ts";
import { play, song } from "../../test/samples.ts";
import { openStore, type Store } from "../open-store.ts";
import type { ListeningPart } from "./read-part.ts";

const START = Date.UTC(2025, 10, 20);
const DAY_MS = 24 * 60 * 60 * 1000;
const SPAN_MS = 120 * DAY_MS;
const SONGS = Array.from({ length: 30 }, (_, index) =>
  song(`s${index}`, {
    title: `Title ${index}`,
    artist: `Artist ${index % 7}`,
    genre: index % 5 === 0 ? null : `genre ${index % 4}`,
  }),
);
const FACTS = new Map(SONGS.map((each) => [each.id, each]));

let store: Store;
let plays: readonly CountedPlay[];

beforeAll(async () => {
  store = await openStore({ path: ":memory:" });
  await store.songs.upsertSongs(SONGS);
  const random = seededRandom(7);
  const made = Array.from({ length: 4000 }, (_, index) =>
    play(`k${index}`, {
      user: `user ${random.between(1, 3)}`,
      songId: index % 9 === 0 ? null : `s${random.between(0, 31)}`,
      title: index % 9 === 0 ? `Name ${random.between(1, 3)}` : null,
      artist: index % 9 === 0 ? `Artist ${random.between(1, 3)}` : null,
      playedAtMs: START + random.between(0, SPAN_MS),
      seconds: random.between(0, 300),
    }),
  );
  await store.plays.appendPlays(made);
  plays = made;
  return () => store.close();
});

/** By the definition of every figure, from the plays that belong to the part. */
function recount(range: BucketRange, user: string | undefined, part: ListeningPart) {
  const { artist, genre, includes } = part;
  const ofPart = plays.filter((each) => {
    const facts = each.songId === null ? undefined : FACTS.get(each.songId);
    const by = facts?.artist ?? (each.songId === null ? (each.artist ?? "") : "");
    return (
      (artist === undefined || by === artist) &&
      (genre === undefined || (facts?.genre ?? "") === genre) &&
      (includes === undefined || includes(bucketOf(each.playedAtMs)))
    );
  });
  const facts = (id: string) => FACTS.get(id);
  const {
    plays: count,
    heardMs,
    songCount,
    artistCount,
    ...lists
  } = recountListening(ofPart, {
    facts,
    range,
    limit: 5,
    ...(user === undefined ? {} : { user }),
  });
  const { topSongs, topArtists, topGenres } = lists;
  return { plays: count, heardMs, songCount, artistCount, topSongs, topArtists, topGenres };
}

describe("a part of the listening", () => {
  const evenings = (bucket: number) => bucket % 96 >= 70 && bucket % 96 < 74;
  const parts: readonly [string, ListeningPart][] = [
    ["all", {}],
    ["an artist", { artist: "Artist 2" }],
    ["an artist without a name", { artist: "" }],
    ["a genre", { genre: "genre 1" }],
    ["no known genre", { genre: "" }],
    ["an hour", { includes: evenings }],
    [
      "an artist, a genre and an hour",
      { artist: "Artist 3", genre: "genre 3", includes: evenings },
    ],
    ["somebody never heard", { artist: "Nobody" }],
  ];
  const ranges: readonly [string, BucketRange][] = [
    ["all time", ALL_TIME],
    ["some days", { fromBucket: bucketOf(START) + 50, toBucket: bucketOf(START) + 2000 }],
    ["more than a month", { fromBucket: bucketOf(START) + 333, toBucket: bucketOf(START) + 8000 }],
    ["a time of silence", { fromBucket: 10, toBucket: 2000 }],
  ];
  for (const [partName, part] of parts) {
    it.each(ranges)(`of ${partName} equals a recount over %s`, async (_name, range) => {
      for (const user of [undefined, "user 2", "nobody"]) {
        const question = { range, limit: 5, ...(user === undefined ? {} : { user }) };
        expect(await store.listening.readPart(question, part)).toEqual(recount(range, user, part));
      }
    });
  }
});
