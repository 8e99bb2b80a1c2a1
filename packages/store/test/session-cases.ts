import { describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";
import { collect, play, session, song } from "./samples.ts";

const IMPORTED = { source: "imported", countsTowardsPopularity: true } as const;
const SIMULATED = { source: "simulated", countsTowardsPopularity: false } as const;

export function describeSessions(store: CurrentStore): void {
  describe("sessions", () => {
    it("come back by start, in the order stored where starts are equal", async () => {
      await store().sessions.appendSessions(
        [
          session("late", { startedAtMs: 30 }),
          session("z", { startedAtMs: 20 }),
          session("a", { startedAtMs: 20, user: null, songIds: ["s2", "s1", "s2"] }),
          session("early", { startedAtMs: -5 }),
        ],
        IMPORTED,
      );
      const found = await collect(store().sessions.iterateSessions({ batchSize: 1 }));
      expect(found.map((each) => each.id)).toEqual(["early", "z", "a", "late"]);
      expect(found[2]).toEqual({
        id: "a",
        user: null,
        startedAtMs: 20,
        songIds: ["s2", "s1", "s2"],
        source: "imported",
      });
    });

    it("are stored once, and an edited one is replaced", async () => {
      const { sessions, songs } = store();
      await songs.upsertSongs([song("s1"), song("s2"), song("s3")]);
      expect(await sessions.appendSessions([session("1"), session("1")], IMPORTED)).toEqual([
        "inserted",
        "unchanged",
      ]);
      const edited = session("1", { songIds: ["s1", "s3", "s3"] });
      expect(await sessions.appendSessions([edited], IMPORTED)).toEqual(["updated"]);
      expect(await sessions.sessionCounts()).toEqual({ imported: 1, simulated: 0 });
      await songs.currentRevision();
      const found = await songs.songsByIds(["s1", "s2", "s3"]);
      expect([...found.values()].map((each) => each.popularity)).toEqual([1, 0, 2]);
    });

    it("count towards popularity only when asked to", async () => {
      await store().songs.upsertSongs([song("s1", { popularity: 4 })]);
      await store().sessions.appendSessions([session("1")], SIMULATED);
      await store().songs.currentRevision();
      expect((await store().songs.songsByIds(["s1"])).get("s1")?.popularity).toBe(4);
      expect(await store().sessions.sessionCounts()).toEqual({ imported: 0, simulated: 1 });
    });

    it("are derived from plays as well, and come in one time order", async () => {
      const minute = 60_000;
      await store().sessions.appendSessions(
        [session("x", { startedAtMs: 10 * minute }), session("y", { startedAtMs: 90 * minute })],
        SIMULATED,
      );
      await store().plays.appendPlays([
        play("3", { playedAtMs: 61 * minute, songId: "s3" }),
        play("1", { playedAtMs: 0, songId: "s1" }),
        play("2", { playedAtMs: 30 * minute, songId: "s2" }),
        play("4", { playedAtMs: 5 * minute, songId: null, title: "T", artist: "A" }),
        play("5", { playedAtMs: 5 * minute, songId: "s5", user: "bob" }),
        play("6", { playedAtMs: 200 * minute, songId: "s6", session: "named" }),
        play("7", { playedAtMs: 400 * minute, songId: "s7", session: "named" }),
      ]);
      const found = await collect(store().sessions.iterateSessions());
      expect(found.map(({ id, source, songIds }) => [id, source, songIds.join()])).toEqual([
        ["ada@0", "plays", "s1,s2"],
        ["bob@300000", "plays", "s5"],
        ["x", "simulated", "s1,s2"],
        ["ada@3660000", "plays", "s3"],
        ["y", "simulated", "s1,s2"],
        ["named", "plays", "s6,s7"],
      ]);
    });
  });
}
