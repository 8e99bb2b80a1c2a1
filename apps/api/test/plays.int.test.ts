import type { Store } from "@segue/store";
import { describe, expect, test, vi } from "vitest";
import { startApi } from "./api-harness.ts";

const PLAY = {
  key: "p-1",
  user: "ada",
  songId: "song-7",
  playedAt: "2026-03-01T21:15:00+01:00",
  seconds: 187,
};

describe("plays over HTTP", () => {
  test("are accepted when durable, and reach the database", async () => {
    const { post, store, log } = await startApi();
    const { status, body } = await post("/v1/plays", { plays: [PLAY] });
    expect([status, body]).toEqual([202, { accepted: 1 }]);
    expect(await log.endOffset("plays.v1", await partitionOf(log))).toBe(1n);
    await vi.waitFor(async () => {
      expect(await store.plays.findPlay("ada", "p-1")).toEqual({
        user: "ada",
        key: "p-1",
        songId: "song-7",
        title: null,
        artist: null,
        playedAtMs: Date.UTC(2026, 2, 1, 20, 15),
        seconds: 187,
        session: null,
      });
    });
  });

  test("keep fractions of their seconds", async () => {
    const { post, store } = await startApi();
    await post("/v1/plays", { plays: [{ ...PLAY, seconds: 29.75 }] });
    await vi.waitFor(async () => {
      expect((await store.plays.findPlay("ada", "p-1"))?.seconds).toBe(29.75);
    });
  });

  test("are told, the newest first, until they are taken back", async () => {
    const { call, post } = await startApi();
    const { songId: _, ...unnamed } = PLAY;
    const sent = [
      PLAY,
      { ...PLAY, key: "p-2", songId: "song-0", playedAt: "2026-03-01T20:30:00Z" },
      { ...unnamed, key: "p-3", title: "Never Recorded", artist: "Nobody", seconds: 9.5 },
      { ...PLAY, key: "p-4", user: "eve" },
    ];
    await post("/v1/plays", { plays: sent });
    const lastOf = async (path: string) => {
      const { status, body } = await call(path);
      expect(status).toBe(200);
      return body["plays"] as { readonly key: string }[];
    };
    await vi.waitFor(async () => expect(await lastOf("/v1/users/ada/plays")).toHaveLength(3));
    const [newest, ...others] = await lastOf("/v1/users/ada/plays");
    expect(newest).toEqual({
      key: "p-2",
      songId: "song-0",
      title: "Dancing Queen",
      artist: "ABBA",
      genre: "Pop",
      playedAt: "2026-03-01T20:30:00.000Z",
      seconds: 187,
    });
    expect(others).toContainEqual({
      key: "p-3",
      songId: null,
      title: "Never Recorded",
      artist: "Nobody",
      genre: null,
      playedAt: "2026-03-01T20:15:00.000Z",
      seconds: 9.5,
    });
    expect(await lastOf("/v1/users/ada/plays?limit=1")).toEqual([newest]);
    expect(await lastOf("/v1/users/nobody/plays")).toEqual([]);
    expect((await call("/v1/users/ada/plays?limit=1000")).status).toBe(400);
    await call("/v1/plays/p-2?user=ada", { method: "DELETE" });
    await vi.waitFor(async () => {
      expect((await lastOf("/v1/users/ada/plays")).map(({ key }) => key)).not.toContain("p-2");
    });
  });

  test("with the same key are a duplicate, and with other content an edit", async () => {
    const { post, store } = await startApi();
    await post("/v1/plays", { plays: [PLAY, PLAY] });
    await post("/v1/plays", { plays: [{ ...PLAY, seconds: 20 }] });
    await vi.waitFor(async () => {
      expect((await store.plays.findPlay("ada", "p-1"))?.seconds).toBe(20);
    });
    expect(await store.plays.playCount()).toBe(1);
  });

  test("may name their song by title and artist, known or not", async () => {
    const { post, store } = await startApi();
    const { songId: _, ...unnamed } = PLAY;
    const known = { ...unnamed, key: "known", title: "dancing queen", artist: "Abba" };
    const unknown = { ...unnamed, key: "unknown", title: "Never Recorded", artist: "Nobody" };
    expect((await post("/v1/plays", { plays: [known, unknown] })).status).toBe(202);
    await vi.waitFor(async () => expect(await store.plays.playCount()).toBe(2));
    expect(await store.plays.findPlay("ada", "unknown")).toMatchObject({
      songId: null,
      title: "Never Recorded",
    });
  });

  test("can be taken back at once, and only once", async () => {
    const { call, post, store } = await startApi();
    await post("/v1/plays", { plays: [PLAY] });
    const path = "/v1/plays/p-1?user=ada";
    const first = await call(path, { method: "DELETE" });
    expect([first.status, first.body]).toEqual([202, { accepted: 1 }]);
    const second = await call(path, { method: "DELETE" });
    expect([second.status, second.body["code"]]).toEqual([404, "PLAY_UNKNOWN"]);
    await vi.waitFor(async () => {
      expect(await store.plays.findPlay("ada", "p-1")).toBeUndefined();
    });
  });

  test("that are stored can be taken back, and those of another user cannot", async () => {
    const { call, store } = await startApi();
    const stored = { title: null, artist: null, seconds: 10, session: null, playedAtMs: 0 };
    await store.plays.appendPlays([{ ...stored, user: "ada", key: "a/b ?", songId: "song-1" }]);
    const remove = (user: string) =>
      call(`/v1/plays/${encodeURIComponent("a/b ?")}?user=${user}`, { method: "DELETE" });
    expect((await remove("eve")).status).toBe(404);
    expect((await remove("ada")).status).toBe(202);
  });

  test("are refused as a whole when one is not valid", async () => {
    const { post, store } = await startApi();
    const faults = [
      { ...PLAY, key: "" },
      { ...PLAY, user: undefined },
      { ...PLAY, songId: undefined },
      { ...PLAY, songId: undefined, title: "Only a title" },
      { ...PLAY, playedAt: "yesterday" },
      { ...PLAY, playedAt: "2026-13-01T00:00:00Z" },
      { ...PLAY, playedAt: "2999-01-01T00:00:00Z" },
      { ...PLAY, playedAt: "1899-12-31T23:59:59Z" },
      { ...PLAY, seconds: -1 },
      { ...PLAY, seconds: "187" },
      { ...PLAY, seconds: 1e9 },
      { ...PLAY, user: "a\0b" },
      { ...PLAY, user: "\ud800" },
    ];
    for (const fault of faults) {
      const { status, body } = await post("/v1/plays", { plays: [PLAY, fault] });
      expect([fault, status, body["code"]]).toEqual([fault, 400, "REQUEST_INVALID"]);
    }
    const unknown = await post("/v1/plays", { plays: [PLAY, { ...PLAY, songId: "nothing" }] });
    expect([unknown.status, unknown.body["unknown"]]).toEqual([400, ["nothing"]]);
    expect((await post("/v1/plays", { plays: [] })).status).toBe(400);
    expect(await store.plays.playCount()).toBe(0);
  });

  test("are refused, not lost, while the bus is away", async () => {
    const { call, post, bus } = await startApi();
    bus.kill();
    const { status, body } = await post("/v1/plays", { plays: [PLAY] });
    expect([status, body["code"]]).toEqual([503, "BUS_UNAVAILABLE"]);
    expect((await call("/healthz")).status).toBe(200);
  });
});

/** Where the plays of "ada" go. */
async function partitionOf(log: Store["log"]): Promise<number> {
  for (let partition = 0; partition < 12; partition += 1) {
    if ((await log.endOffset("plays.v1", partition)) > 0n) return partition;
  }
  return 0;
}
