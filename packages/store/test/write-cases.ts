import { describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";
import { play, song, songs } from "./samples.ts";

export function describeWrites(store: CurrentStore): void {
  describe("writes", () => {
    it("that wait together do not disturb each other when one fails", async () => {
      // The fault is in the second statement of its write, so the first has to be taken back.
      const broken = [...songs(500), { ...song("bad"), seconds: Symbol("no number") as never }];
      const results = await Promise.allSettled([
        store().songs.upsertSongs([song("s1")]),
        store().songs.upsertSongs(broken),
        store().plays.appendPlays([play("1")]),
      ]);
      expect(results.map((result) => result.status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
      ]);
      expect(await store().songs.unknownIds(["s1", "s00000", "bad"])).toEqual(["s00000", "bad"]);
      expect(await store().plays.playCount()).toBe(1);
    });

    it("of plays that wait together are as if one after the other, and fail alone", async () => {
      const { appendPlays, findPlay } = store().plays;
      const results = await Promise.allSettled([
        appendPlays([play("1"), play("2")]),
        appendPlays([play("2"), play("1", { seconds: 5 })]),
        appendPlays([play("3"), play("bad", { seconds: Symbol("no number") as never })]),
        appendPlays([]),
        appendPlays([play("4")]),
      ]);
      const outcomes = results.map((each) => (each.status === "fulfilled" ? each.value : "failed"));
      expect(outcomes).toEqual([
        ["inserted", "inserted"],
        ["unchanged", "updated"],
        "failed",
        [],
        ["inserted"],
      ]);
      expect(await findPlay("ada", "1")).toEqual(play("1", { seconds: 5 }));
      expect(await findPlay("ada", "3")).toBeUndefined();
    });

    it("of many plays that wait together are all stored, each once", async () => {
      const keys = Array.from({ length: 3_000 }, (_, index) => `${index % 2_500}`);
      const outcomes = await Promise.all(keys.map((key) => store().plays.appendPlays([play(key)])));
      expect(outcomes.flat().filter((outcome) => outcome === "inserted")).toHaveLength(2_500);
      expect(await store().plays.playCount()).toBe(2_500);
    });

    it("are done before the store closes, and refused afterwards", async () => {
      const last = store().songs.upsertSongs([song("s1")]);
      await store().close();
      expect(await last).toEqual(["inserted"]);
      await expect(store().songs.upsertSongs([song("s2")])).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
      });
      await expect(store().songs.songCount()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    });

    it("leave a database without damage", async () => {
      await store().songs.upsertSongs([song("s1")]);
      expect(await store().findDamage()).toEqual([]);
    });
  });
}
