import { describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";
import { play, song } from "./samples.ts";

export function describeWrites(store: CurrentStore): void {
  describe("writes", () => {
    it("that wait together do not disturb each other when one fails", async () => {
      const broken = { ...song("bad"), title: null as unknown as string, artist: "x" };
      const results = await Promise.allSettled([
        store().songs.upsertSongs([song("s1")]),
        store().songs.upsertSongs([song("s2"), broken]),
        store().plays.appendPlays([play("1")]),
      ]);
      expect(results.map((result) => result.status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
      ]);
      expect(await store().songs.unknownIds(["s1", "s2", "bad"])).toEqual(["s2", "bad"]);
      expect(await store().plays.playCount()).toBe(1);
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
