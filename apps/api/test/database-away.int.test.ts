// Real: HTTP, the bus, the search index, a SQLite store that is closed and opened again, which throws
// STORE_UNAVAILABLE as a database server does that is away.
import { describe, expect, test, vi } from "vitest";
import { continuationSchema } from "../src/http/wire-schemas.ts";
import { type ApiHarness, CATALOGUE, FIVE, startApi } from "./api-harness.ts";

const PLAY = { user: "ada", songId: "song-7", playedAt: "2026-03-01T21:15:00Z", seconds: 187 };
const RECOMMENDATIONS = "/v1/recommendations";

/** The answer, which must be there. */
async function recommend(api: ApiHarness, question: object, id: string) {
  const { status, body } = await api.post(RECOMMENDATIONS, question, { "x-request-id": id });
  expect([status, body["detail"]]).toEqual([200, undefined]);
  return continuationSchema.parse(body);
}

const eventsOf = ({ logLines }: ApiHarness, event: string) =>
  logLines.filter((line) => line.includes(`"event":"${event}"`));

/** Resolves when the API has noticed. */
async function waitUntilAway({ call }: ApiHarness): Promise<void> {
  await vi.waitFor(async () => {
    expect((await call("/readyz")).body["degraded"]).not.toEqual([]);
  });
}

describe("recommending without the database", () => {
  test("gives the same full answers, song details and all", async () => {
    const api = await startApi({ withIndex: true });
    const before = await recommend(api, { songs: FIVE }, "before");
    await api.closeDatabase();
    for (const id of ["at-once", "a-little-later"]) {
      const away = await recommend(api, { songs: FIVE }, id);
      expect(away.songs).toEqual(before.songs);
      expect(away.receipt).toMatchObject({ level: "full" });
      expect(away.receipt.reason).toBeUndefined();
    }
    expect((await api.call("/v1/search?q=dancing")).body).toMatchObject({
      songs: [{ id: "song-0" }],
    });
    expect((await api.call("/v1/songs/song-3")).status).toBe(200);
  });

  test("leaves a user's last plays out, and the receipt says so", async () => {
    const api = await startApi({ withIndex: true });
    const play = { title: null, artist: null, seconds: 9, session: null, key: "1" };
    await api.store.plays.appendPlays([
      { ...play, user: "ada", songId: "song-11", playedAtMs: Date.now() - 1_000 },
    ]);
    const question = { songs: FIVE, user: "ada" };
    const before = await recommend(api, question, "before");
    expect(before.receipt.history).toEqual(["song-11"]);
    expect(before.receipt.reason).toBeUndefined();
    await api.closeDatabase();
    const { receipt } = await recommend(api, question, "away");
    expect(receipt).toMatchObject({ level: "full", history: [] });
    expect(receipt.reason).toMatch(/last plays could not be read/);
    await api.reopenDatabase();
    await vi.waitFor(async () => {
      const after = await recommend(api, question, crypto.randomUUID());
      expect(after.receipt.history).toEqual(["song-11"]);
    });
  });

  test("answers a question again under its id, and refuses another one", async () => {
    const api = await startApi({ withIndex: true });
    await api.closeDatabase();
    const first = await recommend(api, { songs: FIVE }, "same");
    expect(await recommend(api, { songs: FIVE }, "same")).toEqual(first);
    const other = { songs: FIVE, limit: 3 };
    const { status } = await api.post(RECOMMENDATIONS, other, { "x-request-id": "same" });
    expect(status).toBe(400);
  });

  test("refuses songs of which only the database could tell whether they exist", async () => {
    const api = await startApi({ withIndex: true });
    const songs = [...FIVE.slice(1), "new-song"];
    expect((await api.post(RECOMMENDATIONS, { songs })).body).toMatchObject({
      code: "SONG_UNKNOWN",
      unknown: ["new-song"],
    });
    await api.closeDatabase();
    const { status, body } = await api.post(RECOMMENDATIONS, { songs });
    expect([status, body["code"]]).toEqual([503, "STORE_UNAVAILABLE"]);
    expect(body["detail"]).toMatch(/cannot be asked for "new-song" while the database is away/);
  });

  test("finds a song in the database that was imported after the index was built", async () => {
    const api = await startApi({ withIndex: true });
    const song = { ...CATALOGUE[1], id: "new-song", title: "Brand New", artist: "Newcomer" };
    await api.store.songs.upsertSongs([
      { ...song, album: null, year: 2026, genre: null, seconds: 1 },
    ]);
    const { songs } = await recommend(api, { songs: [...FIVE.slice(1), "new-song"] }, "new");
    expect(songs.length).toBeGreaterThan(0);
  });
});

describe("plays and receipts without the database", () => {
  test("are accepted, wait for it without a flood of log lines, and then are all stored", async () => {
    const api = await startApi({ withIndex: true });
    await api.closeDatabase();
    const plays = Array.from({ length: 300 }, (_, index) => ({ ...PLAY, key: `p-${index}` }));
    expect((await api.post("/v1/plays", { plays })).status).toBe(202);
    for (let index = 0; index < 20; index += 1) {
      await recommend(api, { songs: FIVE }, `r-${index}`);
    }
    await waitUntilAway(api);
    expect(eventsOf(api, "store.away")).toHaveLength(1);
    await api.reopenDatabase();
    await vi.waitFor(
      async () => {
        for (const { key } of plays) {
          expect(await api.store.plays.findPlay("ada", key)).toBeDefined();
        }
        for (let index = 0; index < 20; index += 1) {
          expect(await api.store.receipts.findReceipt(`r-${index}`)).toBeDefined();
        }
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(eventsOf(api, "store.back")).toHaveLength(1);
    expect((await api.call("/readyz")).body["degraded"]).toEqual([]);
    // One a partition and topic at most, not one a record and attempt.
    const warnings = api.logLines.filter((line) => line.includes('"level":"warn"'));
    expect(warnings.length).toBeLessThan(40);
  });

  test("are judged by what was heard of them, else not at all", async () => {
    const api = await startApi({ withIndex: true });
    await api.closeDatabase();
    await api.post("/v1/plays", { plays: [{ ...PLAY, key: "heard" }] });
    const remove = (key: string) => api.call(`/v1/plays/${key}?user=ada`, { method: "DELETE" });
    expect((await remove("heard")).status).toBe(202);
    const { status, body } = await remove("unheard");
    expect([status, body["code"]]).toEqual([503, "STORE_UNAVAILABLE"]);
    const receipt = await api.call("/v1/receipts/unheard");
    expect([receipt.status, receipt.body["code"]]).toEqual([503, "STORE_UNAVAILABLE"]);
  });

  test("an API server closes in good time while it is away", async () => {
    const api = await startApi({ withIndex: true });
    await api.closeDatabase();
    await api.post("/v1/plays", { plays: [{ ...PLAY, key: "p-1" }] });
    await waitUntilAway(api);
    const startedAtMs = performance.now();
    await api.api.close();
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});
