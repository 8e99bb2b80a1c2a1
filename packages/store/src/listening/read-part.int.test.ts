// Real: SQLite. Nothing is fake.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { Database } from "../sql/database.ts";
import { createSqliteDialect } from "../sqlite/sqlite-dialect.ts";
import { type ListeningPart, readPart } from "./read-part.ts";
import { SongFacts } from "./song-facts.ts";

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

let path: string;
let store: Store;
let plays: readonly CountedPlay[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "segue-part-"));
  path = join(folder, "segue.db");
  store = await openStore({ path });
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
  return async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  };
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
    times,
    ...lists
  } = recountListening(ofPart, {
    facts,
    range,
    limit: 5,
    ...(user === undefined ? {} : { user }),
  });
  const { topSongs, topArtists, topGenres } = lists;
  return { plays: count, heardMs, times, songCount, artistCount, topSongs, topArtists, topGenres };
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

  it("tells no times of an artist among more plays of everybody than are looked at", async () => {
    await store.listening.settle();
    const database = new Database(await createSqliteDialect({ path }).connect());
    const lookedAtMax = plays.length - 1;
    const read = (question: { readonly user?: string }, part: ListeningPart) => {
      const asked = { range: ALL_TIME, limit: 5, ...question };
      return readPart(database.read, asked, part, new SongFacts(), lookedAtMax);
    };
    const artist = { artist: "Artist 2" };
    expect(await read({}, artist)).toEqual({
      ...recount(ALL_TIME, undefined, artist),
      times: null,
    });
    // Whose hours are known without their songs, and the other way round.
    expect(await read({}, { includes: evenings })).toEqual(
      recount(ALL_TIME, undefined, { includes: evenings }),
    );
    expect(await read({ user: "user 1" }, artist)).toEqual(recount(ALL_TIME, "user 1", artist));
    await database.close();
  });
});
