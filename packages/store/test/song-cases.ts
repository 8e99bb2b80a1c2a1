import { describe, expect, it } from "vitest";
import { songIdFor } from "../src/songs/song-id.ts";
import type { CurrentStore } from "./current-store.ts";
import { collect, play, song, songs } from "./samples.ts";

export function describeSongs(store: CurrentStore): void {
  describeSongUpserts(store);
  describeSongQueries(store);
}

function describeSongUpserts(store: CurrentStore): void {
  describe("songs", () => {
    it("gives back what was stored, with its own id as version group and no popularity", async () => {
      const facts = { album: "Été", year: 1999, genre: "中文 🎵", seconds: 61 };
      expect(await store().songs.upsertSongs([song("s1", facts), song("s2")])).toEqual([
        "inserted",
        "inserted",
      ]);
      const found = await store().songs.songsByIds(["s2", "s1", "nobody"]);
      expect([...found.keys()].sort()).toEqual(["s1", "s2"]);
      expect(found.get("s1")).toEqual({
        ...song("s1", facts),
        versionGroup: "s1",
        popularity: 0,
      });
      expect(await store().songs.songCount()).toBe(2);
    });

    it("compares ids byte by byte", async () => {
      const ids = ["abc", "ABC", "äbc", "abc ", "a\u0308bc"];
      await store().songs.upsertSongs(ids.map((id) => song(id)));
      expect(await store().songs.songCount()).toBe(5);
      expect([...(await store().songs.songsByIds(["ABC"])).keys()]).toEqual(["ABC"]);
      expect(await store().songs.unknownIds(["Abc", "abc", "abc  ", "Abc"])).toEqual([
        "Abc",
        "abc  ",
      ]);
    });

    it("tells inserted, updated and unchanged songs apart, also within one batch", async () => {
      await store().songs.upsertSongs([song("s1"), song("s2")]);
      const outcomes = await store().songs.upsertSongs([
        song("s1"),
        song("s2", { year: 1970 }),
        song("s3"),
        song("s3"),
        song("s3", { year: 1971 }),
      ]);
      expect(outcomes).toEqual(["unchanged", "updated", "inserted", "unchanged", "updated"]);
      const found = await store().songs.songsByIds(["s2", "s3"]);
      expect([found.get("s2")?.year, found.get("s3")?.year]).toEqual([1970, 1971]);
    });

    it("keeps popularity and version group where an upsert leaves them out", async () => {
      await store().songs.upsertSongs([song("s1", { popularity: 7, versionGroup: "s0" })]);
      await store().songs.upsertSongs([song("s1", { year: 1970 })]);
      const found = (await store().songs.songsByIds(["s1"])).get("s1");
      expect(found).toMatchObject({ year: 1970, popularity: 7, versionGroup: "s0" });
    });
  });
}

function describeSongQueries(store: CurrentStore): void {
  describe("song queries", () => {
    it("stores a batch larger than one statement and iterates it in id order", async () => {
      await store().songs.upsertSongs(songs(1_201));
      const pages: number[] = [];
      const ids: string[] = [];
      for await (const batch of store().songs.iterateSongs({ batchSize: 500 })) {
        pages.push(batch.length);
        ids.push(...batch.map((each) => each.id));
      }
      expect(pages).toEqual([500, 500, 201]);
      expect(ids).toEqual(songs(1_201).map((each) => each.id));
      expect((await collect(store().songs.iterateSongs({ afterId: "s01198" }))).length).toBe(2);
      const all = await store().songs.songsByIds([...ids, "nobody"]);
      expect(all.size).toBe(1_201);
    });

    it("lists every change after a revision once, popularity included", async () => {
      expect(await store().songs.currentRevision()).toBe(0);
      await store().songs.upsertSongs(songs(1_101));
      const first = await store().songs.currentRevision();
      expect((await collect(store().songs.changedSince(0))).length).toBe(1_101);
      expect(await collect(store().songs.changedSince(first))).toEqual([]);
      await store().songs.upsertSongs([song("s00003", { year: 1980 }), song("s00004")]);
      await store().plays.appendPlays([play("1", { songId: "s00007" })]);
      expect(await store().songs.currentRevision()).toBeGreaterThan(first);
      const changed = await collect(store().songs.changedSince(first, { batchSize: 1 }));
      expect(changed.map((each) => each.id)).toEqual(["s00003", "s00007"]);
    });

    it("finds songs by name whatever the case and spacing, the most popular first", async () => {
      const name = { artist: "Sigur Rós", title: "Hoppípolla" };
      await store().songs.upsertSongs([
        song("a", { ...name, popularity: 1 }),
        song("b", { ...name, popularity: 5 }),
        song("c"),
      ]);
      const key = songIdFor(" sigur  RÓS", "hoppípolla ");
      expect(await store().songs.idsByName([key, songIdFor("x", "y")])).toEqual(
        new Map([[key, "b"]]),
      );
    });

    it("ranks the most popular songs, ties by id backwards", async () => {
      await store().songs.upsertSongs([
        song("b", { popularity: 2 }),
        song("a", { popularity: 2 }),
        song("c", { popularity: 9 }),
        song("d"),
      ]);
      const ids = (await store().songs.mostPopular(3)).map((each) => each.id);
      expect(ids).toEqual(["c", "b", "a"]);
    });
  });
}
