import { ALL_TIME, bucketOf } from "@segue/statistics/live";
import { beforeEach, describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";
import { runRandomHistory } from "./random-history.ts";
import { play, song } from "./samples.ts";

const SEEDS = [1, 2, 3, 4, 5];
const TIME = Date.UTC(2026, 2, 1, 20, 15);

export function describeListening(store: CurrentStore): void {
  describe("listening", () => {
    beforeEach(async () => {
      await store().songs.upsertSongs([
        song("s1", { artist: "ABBA", genre: "Pop" }),
        song("s2", { artist: "ABBA", genre: "Pop" }),
        song("s3", { artist: "Miles", genre: "Jazz" }),
      ]);
    });

    const everything = { range: ALL_TIME, limit: 10 };
    const names = (counts: readonly { readonly name: string; readonly plays: number }[]) =>
      counts.map(({ name, plays }) => `${name} ${plays}`);

    it.each(SEEDS)("equals a recount of all plays after random history %i", async (seed) => {
      await runRandomHistory(store(), { seed, steps: 15 });
    });

    it("follows the catalogue: a song that gets another artist and genre takes its plays along", async () => {
      await store().plays.appendPlays([play("1"), play("2", { songId: "s3" })]);
      const before = await store().listening.readListening(everything);
      expect(names(before.topArtists)).toEqual(["ABBA 1", "Miles 1"]);
      await store().songs.upsertSongs([song("s1", { artist: "Miles", genre: "Jazz" })]);
      const after = await store().listening.readListening(everything);
      expect(names(after.topArtists)).toEqual(["Miles 2"]);
      expect(names(after.topGenres)).toEqual(["Jazz 2"]);
    });

    it("counts a play in the quarter of an hour in which it starts", async () => {
      await store().plays.appendPlays([
        play("1", { playedAtMs: TIME - 1 }),
        play("2", { playedAtMs: TIME }),
        play("3", { playedAtMs: TIME + 15 * 60_000 - 1 }),
        play("4", { playedAtMs: TIME + 15 * 60_000 }),
      ]);
      const range = { fromBucket: bucketOf(TIME), toBucket: bucketOf(TIME) + 1 };
      const { plays, times } = await store().listening.readListening({ range, limit: 1 });
      expect([plays, times]).toEqual([2, [{ bucket: bucketOf(TIME), plays: 2, heardMs: 360_000 }]]);
    });

    it("keeps a session whole that goes from one month, and year, into the next", async () => {
      const midnight = Date.UTC(2026, 0, 1);
      const sessions = async () => {
        const found = await store().listening.readListening(everything);
        return [found.sessions.count, found.sessions.longestSeconds];
      };
      const at = (minutes: number) => ({ playedAtMs: midnight + minutes * 60_000, seconds: 60 });
      await store().plays.appendPlays([play("old", at(-10))]);
      expect(await sessions()).toEqual([1, 60]);
      await store().plays.appendPlays([play("new", at(15))]);
      expect(await sessions()).toEqual([1, 26 * 60]);
      await store().plays.appendPlays([play("far", at(-40))]);
      expect(await sessions()).toEqual([1, 56 * 60]);
      await store().plays.deletePlay("ada", "old");
      expect(await sessions()).toEqual([2, 60]);
    });

    it.each(["0001-01-01", "0050-06-01", "0099-12-31", "0100-01-01", "9999-12-31"])(
      "counts a play of %s, moves it, and takes it back",
      async (date) => {
        const playedAtMs = Date.parse(date);
        const figures = async () => {
          const { plays, times } = await store().listening.readListening(everything);
          return [plays, times.map(({ bucket }) => bucket)];
        };
        await store().plays.appendPlays([play("1", { playedAtMs }), play("2")]);
        const buckets = [playedAtMs, play("2").playedAtMs].map(bucketOf);
        expect(await figures()).toEqual([2, buckets.sort((left, right) => left - right)]);
        await store().plays.appendPlays([play("1", { playedAtMs: TIME })]);
        expect((await figures())[0]).toBe(2);
        await store().plays.deletePlay("ada", "1");
        expect(await figures()).toEqual([1, [bucketOf(play("2").playedAtMs)]]);
      },
    );

    it("takes a play back as it counted it, whatever fraction of a second it lasted", async () => {
      const fractions = [966.2524999999999, 9008.121772340637, 0.0005, 1 / 3, 86_399.99999999999];
      const plays = fractions.map((seconds, index) => play(`${index}`, { seconds }));
      await store().plays.appendPlays(plays);
      await store().listening.settle();
      expect(new Set(await store().plays.appendPlays(plays))).toEqual(new Set(["unchanged"]));
      for (const { key } of plays) await store().plays.deletePlay("ada", key);
      const { heardMs, plays: left } = await store().listening.readListening(everything);
      expect([left, heardMs]).toEqual([0, 0]);
    });

    it("lists the first of thousands of equal listeners and songs", async () => {
      const crowd = Array.from({ length: 3_000 }, (_, index) =>
        play("1", {
          user: `user ${String(index).padStart(4, "0")}`,
          songId: null,
          title: `song ${index}`,
          artist: "Crowd",
          seconds: index === 2_000 ? 61 : 60,
        }),
      );
      await store().plays.appendPlays(crowd);
      // A question does not wait for so many on a busy machine.
      await store().listening.settle();
      const { topListeners, topSongs } = await store().listening.readListening({
        range: ALL_TIME,
        limit: 2,
      });
      expect(topListeners.map(({ name }) => name)).toEqual(["user 2000", "user 0000"]);
      expect(topSongs.map(({ title }) => title)).toEqual(["song 2000", "song 0"]);
    });

    it("knows a session of months, for its user as for everybody", async () => {
      const hours = Array.from({ length: 24 * 100 * 3 }, (_, index) =>
        play(`${index}`, { playedAtMs: Date.UTC(2025, 10, 5) + index * 20 * 60_000, seconds: 60 }),
      );
      await store().plays.appendPlays(hours);
      await store().listening.settle();
      const range = {
        fromBucket: bucketOf(Date.UTC(2025, 10, 1)),
        toBucket: bucketOf(Date.UTC(2025, 10, 8)),
      };
      const ofUser = await store().listening.readListening({ range, limit: 1, user: "ada" });
      const ofAll = await store().listening.readListening({ range, limit: 1 });
      const seconds = (hours.length - 1) * 20 * 60 + 60;
      expect(ofUser.sessions).toEqual({ count: 1, totalSeconds: seconds, longestSeconds: seconds });
      expect(ofAll.sessions).toEqual(ofUser.sessions);
    });

    it("ranks catalogue songs of a period by plays, ties by id", async () => {
      await store().plays.appendPlays([
        play("1", { songId: "s2", playedAtMs: TIME }),
        play("2", { songId: "s1", playedAtMs: TIME }),
        play("3", { songId: "s3", playedAtMs: TIME }),
        play("4", { songId: "s3", playedAtMs: TIME }),
        play("5", { songId: null, title: "T", artist: "A", playedAtMs: TIME }),
        play("6", { songId: "s1", playedAtMs: TIME - 900_000 }),
      ]);
      const range = { fromBucket: bucketOf(TIME), toBucket: ALL_TIME.toBucket };
      expect(await store().listening.topSongs(range, 2)).toEqual([
        { songId: "s3", plays: 2 },
        { songId: "s1", plays: 1 },
      ]);
    });

    it("knows its listeners, until they are erased as if they had never been there", async () => {
      await store().plays.appendPlays([play("1"), play("2", { seconds: 29.75 })]);
      const before = [
        await store().listening.readListening(everything),
        await store().listening.listeners({ limit: 9 }),
      ];
      const named = { user: "eve", songId: null, title: "Only hers", artist: "Nobody" };
      await store().plays.appendPlays([
        play("1", { user: "eve", playedAtMs: TIME }),
        play("2", { user: "eve", playedAtMs: TIME - 1 }),
        play("3", named),
      ]);
      expect(await store().listening.listeners({ limit: 9 })).toMatchObject([
        { user: "eve", plays: 3, heardMs: 540_000, lastPlayAtMs: TIME },
        { user: "ada", plays: 2, heardMs: 209_750 },
      ]);
      expect(await store().listening.listeners({ prefix: "a", limit: 9 })).toHaveLength(1);
      await store().eraseUser("eve");
      expect([
        await store().listening.readListening(everything),
        await store().listening.listeners({ limit: 9 }),
      ]).toEqual(before);
      expect(await store().listening.listenerCount()).toBe(1);
    });

    it("tells of every change of a user's figures, and of no other's", async () => {
      await store().plays.appendPlays([play("1")]);
      const { listening } = store();
      const ada = await listening.listenerRevision("ada");
      const all = await listening.playRevision();
      await store().plays.appendPlays([play("1", { user: "eve" })]);
      expect(await listening.listenerRevision("ada")).toBe(ada);
      expect(await listening.playRevision()).toBeGreaterThan(all);
      await store().plays.appendPlays([play("1", { seconds: 3 })]);
      expect(await listening.listenerRevision("ada")).toBeGreaterThan(ada);
    });

    it("tells of it when the catalogue says something else of a song that was heard", async () => {
      await store().plays.appendPlays([play("1")]);
      const { listening, songs } = store();
      const revisions = async () => [
        await listening.playRevision(),
        await listening.listenerRevision("ada"),
      ];
      const before = await revisions();
      await songs.upsertSongs([
        song("s1", { artist: "ABBA", genre: "Pop", year: 1976 }),
        song("s2", { artist: "Miles", genre: "Jazz" }),
      ]);
      expect(await revisions()).toEqual(before);
      await songs.upsertSongs([song("s1", { artist: "ABBA", genre: "Disco" })]);
      const after = await revisions();
      expect(after.map((revision, index) => revision > (before[index] ?? 0))).toEqual([true, true]);
      expect(await listening.listenerRevision("nobody")).toBe(0);
    });

    it("lists listeners by plays and name, with any beginning of a name", async () => {
      const last = "\u{10FFFF}";
      const users = ["zoe", "abe", "meg", last, `${last}${last}`, "m", "mf", `me${last}`];
      await store().plays.appendPlays([
        ...users.map((user) => play("1", { user })),
        play("2", { user: "zoe", playedAtMs: TIME }),
      ]);
      const names = async (limit: number, prefix?: string) => {
        const question = prefix === undefined ? { limit } : { limit, prefix };
        return (await store().listening.listeners(question)).map(({ user }) => user);
      };
      expect(await names(3)).toEqual(["zoe", "abe", "m"]);
      expect(await names(9)).toHaveLength(users.length);
      expect(await names(9, "me")).toEqual(["meg", `me${last}`]);
      expect(await names(9, last)).toEqual([last, `${last}${last}`]);
      expect(await store().listening.listeners({ limit: 1 })).toEqual([
        {
          user: "zoe",
          plays: 2,
          heardMs: 360_000,
          firstPlayAtMs: play("1").playedAtMs,
          lastPlayAtMs: TIME,
        },
      ]);
    });

    it("counts songs with ids as long as a column holds", async () => {
      // Two units of a string each, and one character.
      const ids = ["a", "b", "\u{1F3B5}"].flatMap((each) =>
        [251, 252, 253, 255].map((length) => each.repeat(length)),
      );
      const plays = ids.map((songId, index) => play(`${index}`, { songId }));
      await store().plays.appendPlays([
        ...plays,
        ...plays.map((each) => ({ ...each, user: "eve" })),
      ]);
      await store().songs.upsertSongs(ids.map((id) => song(id, { artist: "Long", genre: "Pop" })));
      const { topSongs, topArtists } = await store().listening.readListening({
        ...everything,
        limit: 20,
      });
      expect(new Set(topSongs.map(({ songId }) => songId))).toEqual(new Set(ids));
      expect(names(topArtists)).toEqual([`Long ${2 * ids.length}`]);
      for (const { key } of plays) await store().plays.deletePlay("ada", key);
      expect(names((await store().listening.readListening(everything)).topArtists)).toEqual([
        `Long ${ids.length}`,
      ]);
    });

    it("answers many at once while plays come in", async () => {
      const append = async (index: number) =>
        store().plays.appendPlays([play(`${index}`, { playedAtMs: TIME + index * 1_000 })]);
      const read = async () => {
        const found = await store().listening.readListening(everything);
        // Whatever it saw, it saw at one moment.
        expect(found.topSongs[0]?.plays ?? 0).toBe(found.plays);
        expect(found.times.reduce((sum, { plays }) => sum + plays, 0)).toBe(found.plays);
      };
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? read() : append(index))),
      );
      expect((await store().listening.readListening(everything)).plays).toBe(40);
    });
  });
}
