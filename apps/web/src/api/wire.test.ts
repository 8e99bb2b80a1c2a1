import { describe, expect, it } from "vitest";
import { parseContinuation, parseSongs, parseTrending } from "./wire.ts";

const SONG = {
  id: "s1",
  title: "Respect",
  artist: "Aretha Franklin",
  album: null,
  year: 1967,
  genre: "soul",
  seconds: 147,
};

const RECEIPT = {
  requestId: "r1",
  modelVersion: "demo",
  level: "full",
  attempts: 1,
  totalMs: 12.5,
  songs: ["a", "b"],
  history: ["h"],
  hops: [
    {
      role: "compute",
      stage: 2,
      layers: "3-4",
      shard: 0,
      replica: "compute-2-1",
      queueMs: 0.1,
      computeMs: 2.5,
      startedAt: "2026-11-22T12:00:00.123456Z",
    },
    { role: "api", replica: "api-1", queueMs: 0, computeMs: 1, startedAt: "2026-11-22T12:00:00Z" },
  ],
};

describe("answers of the API", () => {
  it("become songs, with null for what is not known", () => {
    expect(parseSongs({ songs: [{ ...SONG, year: undefined, album: "" }] })).toEqual([
      { ...SONG, year: null },
    ]);
    expect(parseTrending({ songs: [{ ...SONG, plays: 7 }] })[0]?.plays).toBe(7);
  });

  it("become a continuation with its receipt and the picks behind it", () => {
    const song = { ...SONG, score: 2.5, because: [{ id: "a", weight: 0.5 }] };
    const { songs, receipt } = parseContinuation({ songs: [song], receipt: RECEIPT });
    expect(songs).toEqual([song]);
    expect(receipt.songIds).toEqual(["a", "b"]);
    expect(receipt.historyIds).toEqual(["h"]);
    expect(receipt.hops[1]).toMatchObject({ stage: null, layers: null, shard: null });
  });

  it("keep the fractions of a millisecond at which hops begin", () => {
    const { receipt } = parseContinuation({ songs: [], receipt: RECEIPT });
    const [compute, api] = receipt.hops;
    expect((compute?.startedAtMs ?? 0) - (api?.startedAtMs ?? 0)).toBeCloseTo(123.456, 3);
  });

  it("are refused when a song lacks what is shown", () => {
    expect(() => parseSongs({ songs: [{ id: "s1", title: "Respect" }] })).toThrow('"artist"');
    expect(() => parseSongs({})).toThrow("a list");
    expect(() => parseSongs("down for maintenance")).toThrow("an object");
  });
});
