import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { ModelVocabulary } from "@segue/domain";
import { describe, expect, test, vi } from "vitest";
import { continuationSchema, storedContinuationSchema } from "../src/http/wire-schemas.ts";
import { CATALOGUE, FIVE, firstSongs, startApi } from "./api-harness.ts";

/** Every song's neighbours are the ten songs behind it. */
const VOCABULARY: ModelVocabulary = {
  modelVersion: "v1",
  songCount: CATALOGUE.length,
  rowFor: (songId) => {
    const row = CATALOGUE.findIndex(({ id }) => id === songId);
    return row === -1 ? undefined : row;
  },
  songIdFor: (row) => `song-${row}`,
  artistFor: (row) => row % 20,
  versionGroupFor: (row) => row,
  versionsOf: (row) => [row],
  neighboursFor: (row) => {
    const rows = Array.from({ length: 10 }, (_, index) => (row + index + 1) % CATALOGUE.length);
    return { rows, weights: rows.map((_, index) => 1 / (index + 1)) };
  },
};

describe("a recommendation", () => {
  test("answers with ranked songs, reasons and a receipt", async () => {
    const { post, asked } = await startApi();
    const { status, body } = await post("/v1/recommendations", { songs: FIVE, limit: 3 });
    expect(status).toBe(200);
    const answer = continuationSchema.parse(body);
    expect(answer.songs.map(({ id }) => id)).toEqual(["song-0", "song-6", "song-7"]);
    expect(answer.songs[0]?.because).toEqual([{ id: "song-1", weight: 0.5 }]);
    expect(answer.receipt).toMatchObject({
      requestId: answer.requestId,
      level: "full",
      modelVersion: "v1",
      songs: FIVE,
      limit: 3,
      songsPerArtistMax: 2,
    });
    expect(answer.receipt.hops.map(({ role }) => role)).toEqual(["api", "dispatcher", "compute"]);
    expect(answer.receipt.hops[2]).toMatchObject({ stage: 1, layers: "1-2", shard: 0 });
    expect(asked[0]).toMatchObject({ songIds: FIVE, limit: 3, songsPerArtistMax: 2 });
  });

  test("puts a known user's last plays before the picks", async () => {
    const { post, store, asked } = await startApi();
    const play = { user: "ada", title: null, artist: null, seconds: 100, session: null };
    const now = Date.now();
    await store.plays.appendPlays([
      { ...play, key: "1", songId: "song-11", playedAtMs: now - 2_000 },
      { ...play, key: "2", songId: "song-12", playedAtMs: now - 1_000 },
      { ...play, key: "3", songId: "song-13", playedAtMs: now - 25 * 60 * 60 * 1_000 },
    ]);
    const { body } = await post("/v1/recommendations", { songs: FIVE, user: "ada" });
    expect(asked[0]?.historySongIds).toEqual(["song-11", "song-12"]);
    expect(continuationSchema.parse(body).receipt).toMatchObject({
      user: "ada",
      history: ["song-11", "song-12"],
    });
    expect((await post("/v1/recommendations", { songs: FIVE, user: "nobody" })).status).toBe(200);
    expect(asked[1]?.historySongIds).toEqual([]);
  });

  test("tells the dispatcher of which songs no version is wanted, in a replay too", async () => {
    const { call, post, store, asked } = await startApi({ vocabulary: VOCABULARY });
    const facts = { album: null, year: null, genre: null, seconds: null, versionGroup: "song-0" };
    const live = { id: "newest-live", title: "Dancing Queen - Live", artist: "ABBA", ...facts };
    await store.songs.upsertSongs([live]);
    const songs = ["newest-live", "song-1", "song-2", "song-3", "song-4"];
    const { body } = await post("/v1/recommendations", { songs });
    const groups = ["song-0", "song-1", "song-2", "song-3", "song-4"];
    expect(asked[0]?.versionGroupIds.toSorted()).toEqual(groups);
    await call(`/v1/receipts/${continuationSchema.parse(body).requestId}?replay=true`);
    expect(asked[1]?.versionGroupIds.toSorted()).toEqual(groups);
  });

  test.each([
    [[], 5],
    [["song-1"], 4],
    [["song-1", "song-2", "song-3", "song-1", "song-2"], 2],
  ])("of too few songs says how many are missing (%j)", async (songs, missing) => {
    const { post, asked } = await startApi();
    const { status, body } = await post("/v1/recommendations", { songs });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "TOO_FEW_SONGS", missing, status: 400 });
    expect(asked).toEqual([]);
  });

  test("of unknown songs names them, and nothing is published", async () => {
    const { post, asked } = await startApi();
    const songs = [...FIVE, "nothing", "' OR 1=1"];
    const { status, body } = await post("/v1/recommendations", { songs });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "SONG_UNKNOWN", unknown: ["nothing", "' OR 1=1"] });
    expect(asked).toEqual([]);
  });

  test("takes a hundred songs and not one more", async () => {
    const { post } = await startApi();
    const ids = CATALOGUE.map(({ id }) => id);
    const many = [...ids, ...ids].slice(0, 101);
    expect((await post("/v1/recommendations", { songs: many.slice(0, 100) })).status).toBe(200);
    const { status, body } = await post("/v1/recommendations", { songs: many });
    expect([status, body["code"]]).toEqual([400, "REQUEST_INVALID"]);
  });

  test("is made once under one X-Request-Id, also when both calls come at the same time", async () => {
    const { post, asked } = await startApi();
    const headers = { "x-request-id": "balancer-1" };
    const ask = () => post("/v1/recommendations", { songs: FIVE }, headers);
    const [first, second] = await Promise.all([ask(), ask()]);
    const third = await ask();
    expect(first.status).toBe(200);
    expect(first.headers.get("x-request-id")).toBe("balancer-1");
    expect(first.body["requestId"]).toBe("balancer-1");
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect(asked).toHaveLength(1);
  });

  test("under an X-Request-Id that belongs to another question is refused", async () => {
    const { post } = await startApi();
    const headers = { "x-request-id": "balancer-1" };
    await post("/v1/recommendations", { songs: FIVE }, headers);
    const { status, body } = await post("/v1/recommendations", { songs: FIVE, limit: 7 }, headers);
    expect([status, body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    expect(body["detail"]).toContain("balancer-1 belongs to another question");
  });

  test("with a failure from the dispatcher stands on the ladder, and says why", async () => {
    const failure = { code: "SHARD_MISSING", message: "no replica of stage 2", detailsJson: "{}" };
    const { post } = await startApi({ responder: () => ({ failure }), vocabulary: VOCABULARY });
    const { status, body } = await post("/v1/recommendations", { songs: FIVE, limit: 5 });
    expect(status).toBe(200);
    const { receipt, songs } = continuationSchema.parse(body);
    expect(receipt).toMatchObject({
      level: "neighbours",
      reason: "no replica of stage 2",
      attempts: 0,
    });
    expect(songs).toHaveLength(5);
    expect(songs.some(({ id }) => FIVE.includes(id))).toBe(false);
  });

  test("without any dispatcher is answered at once, with what is trending", async () => {
    const { post } = await startApi({ responder: null });
    const { status, body } = await post("/v1/recommendations", { songs: FIVE, limit: 4 });
    expect(status).toBe(200);
    expect(continuationSchema.parse(body).receipt).toMatchObject({
      level: "trending",
      reason: expect.stringContaining("No dispatcher is alive") as string,
    });
  });

  test("that no dispatcher answers is answered before its deadline", async () => {
    const { post } = await startApi({
      responder: () => undefined,
      options: { requestDeadlineMs: 2_000 },
      vocabulary: VOCABULARY,
    });
    const { status, body } = await post("/v1/recommendations", { songs: FIVE });
    expect(status).toBe(200);
    const { receipt } = continuationSchema.parse(body);
    expect(receipt.level).toBe("neighbours");
    expect(receipt.reason).toMatch(/^No dispatcher answered within 1\d\d\d ms$/);
  });

  test("without bus is answered from the ladder", async () => {
    const { post, bus } = await startApi({ vocabulary: VOCABULARY });
    bus.kill();
    const { status, body } = await post("/v1/recommendations", { songs: FIVE });
    expect(status).toBe(200);
    const { receipt } = continuationSchema.parse(body);
    expect(receipt.level).toBe("neighbours");
    expect(receipt.reason).toContain("bus connection of api-1 is closed");
  });
});

describe("a receipt", () => {
  test("is there at once and after it has reached the database", async () => {
    const { call, post, store } = await startApi();
    const { body } = await post("/v1/recommendations", { songs: FIVE });
    const { requestId, songs, receipt } = continuationSchema.parse(body);
    const kept = await call(`/v1/receipts/${requestId}`);
    expect(kept.body).toEqual({ receipt, songs });
    await vi.waitFor(async () => {
      expect(await store.receipts.findReceipt(requestId)).toMatchObject({ requestId, user: null });
    });
  });

  test("is left by answers that somebody took, not by one whose caller has gone", async () => {
    const { address, post, store } = await startApi({
      responder: () => undefined,
      options: { requestDeadlineMs: 1_000 },
      vocabulary: VOCABULARY,
    });
    const headers = { "x-request-id": "balancer-1", "content-type": "application/json" };
    const asking = fetch(`${address}/v1/recommendations`, {
      method: "POST",
      headers,
      body: JSON.stringify({ songs: FIVE }),
      signal: AbortSignal.timeout(200),
    });
    await expect(asking).rejects.toThrow();
    await setTimeout(1_200);
    expect(await store.receipts.findReceipt("balancer-1")).toBeUndefined();
    const again = await post("/v1/recommendations", { songs: FIVE }, headers);
    expect(again.status).toBe(200);
    await vi.waitFor(async () => {
      expect(await store.receipts.findReceipt("balancer-1")).toBeDefined();
    });
  });

  test("answers a repeated request after a restart of the API", async () => {
    const first = await startApi();
    const requestId = randomUUID();
    const headers = { "x-request-id": requestId };
    const { body } = await first.post("/v1/recommendations", { songs: FIVE }, headers);
    const second = await startApi();
    const stored = await vi.waitFor(async () => {
      const found = await first.store.receipts.findReceipt(requestId);
      expect(found).toBeDefined();
      return found;
    });
    await second.store.receipts.putReceipts(stored === undefined ? [] : [stored]);
    const again = await second.post("/v1/recommendations", { songs: FIVE }, headers);
    const [before, after] = [continuationSchema.parse(body), continuationSchema.parse(again.body)];
    expect(after.songs.map(({ id }) => id)).toEqual(before.songs.map(({ id }) => id));
    expect(second.asked).toEqual([]);
    const third = await startApi();
    await third.store.receipts.putReceipts(stored === undefined ? [] : [stored]);
    const other = await third.post("/v1/recommendations", { songs: FIVE, limit: 3 }, headers);
    expect([other.status, other.body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    expect(third.asked).toEqual([]);
  });

  test("replays on the same model version, under another request id", async () => {
    const { call, post, asked } = await startApi({ vocabulary: VOCABULARY });
    const { body } = await post("/v1/recommendations", { songs: FIVE });
    const { requestId, songs } = continuationSchema.parse(body);
    const replayed = await call(`/v1/receipts/${requestId}?replay=true`);
    const { songs: again, replay } = storedContinuationSchema.parse(replayed.body);
    expect(again.map(({ id }) => id)).toEqual(songs.map(({ id }) => id));
    expect(asked[1]).toMatchObject({ modelVersion: "v1", songIds: FIVE });
    expect(asked[1]?.requestId).not.toBe(requestId);
    expect(replay).toMatchObject({ level: "full" });
  });

  test("of a ladder's answer replays on the ladder", async () => {
    const { call, post } = await startApi({ responder: null, vocabulary: VOCABULARY });
    const { body } = await post("/v1/recommendations", { songs: FIVE });
    const { requestId, songs } = continuationSchema.parse(body);
    const replayed = await call(`/v1/receipts/${requestId}?replay=true`);
    expect(storedContinuationSchema.parse(replayed.body).songs).toEqual(songs);
  });

  test("of a model version that is gone cannot replay", async () => {
    const { call, post } = await startApi({ responder: firstSongs });
    const { body } = await post("/v1/recommendations", { songs: FIVE });
    const path = `/v1/receipts/${continuationSchema.parse(body).requestId}`;
    const { status, body: problem } = await call(`${path}?replay=true`);
    expect([status, problem["code"]]).toEqual([410, "MODEL_GONE"]);
    expect((await call(path)).status).toBe(200);
  });

  test("that nobody knows is 404, and a strange id is 400", async () => {
    const { call } = await startApi();
    const unknown = await call(`/v1/receipts/${randomUUID()}`);
    expect([unknown.status, unknown.body["code"]]).toEqual([404, "RECEIPT_UNKNOWN"]);
    expect((await call("/v1/receipts/a%20b")).status).toBe(400);
  });
});
