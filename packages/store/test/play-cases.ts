import { ALL_TIME } from "@segue/statistics/live";
import { beforeEach, describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";
import { play, song } from "./samples.ts";

export function describePlays(store: CurrentStore): void {
  describePlayCounts(store);
  describePlayQueries(store);
}

function describePlayCounts(store: CurrentStore): void {
  describe("plays", () => {
    beforeEach(async () => {
      await store().songs.upsertSongs([song("s1", { popularity: 10 }), song("s2")]);
    });

    const popularities = async (): Promise<(number | undefined)[]> => {
      await store().songs.currentRevision();
      const found = await store().songs.songsByIds(["s1", "s2"]);
      return [found.get("s1")?.popularity, found.get("s2")?.popularity];
    };

    it("counts each play once, however often it is delivered", async () => {
      const outcomes = await store().plays.appendPlays([play("1"), play("1"), play("2")]);
      expect(outcomes).toEqual(["inserted", "unchanged", "inserted"]);
      expect(await store().plays.appendPlays([play("2"), play("1")])).toEqual([
        "unchanged",
        "unchanged",
      ]);
      expect(await store().plays.playCount()).toBe(2);
      expect(await popularities()).toEqual([12, 0]);
    });

    it("treats the same key with other content as an edit and moves the count", async () => {
      await store().plays.appendPlays([play("1"), play("2")]);
      expect(await store().plays.appendPlays([play("1", { songId: "s2", seconds: 5 })])).toEqual([
        "updated",
      ]);
      expect(await popularities()).toEqual([11, 1]);
      expect(await store().plays.findPlay("ada", "1")).toEqual(
        play("1", { songId: "s2", seconds: 5 }),
      );
    });

    it("keeps the seconds as they were heard", async () => {
      const heard = [187, 187.25, 0.1, 30.0000000000004].map((seconds, index) =>
        play(`${index}`, { seconds }),
      );
      await store().plays.appendPlays(heard);
      expect(await store().plays.appendPlays(heard)).toEqual(heard.map(() => "unchanged"));
      expect(await store().plays.lastPlays("ada", 0, 5)).toEqual(heard);
    });

    it("keeps keys of different users apart", async () => {
      await store().plays.appendPlays([play("1"), play("1", { user: "Ada" })]);
      expect(await store().plays.playCount()).toBe(2);
      expect(await store().plays.findPlay("ADA", "1")).toBeUndefined();
    });

    it("deletes a play with its count, and says when there is none", async () => {
      await store().plays.appendPlays([play("1")]);
      expect(await store().plays.deletePlay("ada", "1")).toBe(true);
      expect(await store().plays.deletePlay("ada", "1")).toBe(false);
      expect(await popularities()).toEqual([10, 0]);
    });

    it("deletes plays by age, slice by slice, with their counts", async () => {
      const times = [1, 2, 3, 4, 5];
      await store().plays.appendPlays(times.map((time) => play(`${time}`, { playedAtMs: time })));
      await store().plays.appendPlays([play("new", { songId: "s2", playedAtMs: 9 })]);
      expect(await store().plays.deletePlaysBefore(5, 2)).toBe(4);
      expect(await store().plays.deletePlaysBefore(5, 2)).toBe(0);
      expect((await store().plays.lastPlays("ada", 0, 9)).map(({ key }) => key)).toEqual([
        "5",
        "new",
      ]);
      expect(await popularities()).toEqual([11, 1]);
      const { plays } = await store().listening.readListening({ range: ALL_TIME, limit: 1 });
      expect(plays).toBe(2);
    });

    it("keeps a play whose song the catalogue does not know, with its raw names", async () => {
      const unknown = play("1", { songId: null, title: "T", artist: "A", seconds: null });
      await store().plays.appendPlays([unknown]);
      expect(await store().plays.lastPlays("ada", 0, 5)).toEqual([unknown]);
      expect(await store().listening.topSongs(ALL_TIME, 5)).toEqual([]);
    });

    it("keeps the counted plays when the catalogue states its own popularity again", async () => {
      await store().plays.appendPlays([play("1")]);
      await store().songs.upsertSongs([song("s1", { popularity: 20 })]);
      expect(await popularities()).toEqual([21, 0]);
    });
  });
}

function describePlayQueries(store: CurrentStore): void {
  describe("play queries", () => {
    it("returns the newest plays since a time, oldest first", async () => {
      const times = [50, 10, 40, 20, 30];
      await store().plays.appendPlays(times.map((time) => play(`${time}`, { playedAtMs: time })));
      await store().plays.appendPlays([play("25", { playedAtMs: 25, user: "bob" })]);
      const keys = async (sinceMs: number, limit: number): Promise<string[]> =>
        (await store().plays.lastPlays("ada", sinceMs, limit)).map((each) => each.key);
      expect(await keys(0, 3)).toEqual(["30", "40", "50"]);
      expect(await keys(40, 3)).toEqual(["40", "50"]);
      expect(await keys(51, 3)).toEqual([]);
    });
  });
}
