import { describe, expect, test } from "vitest";
import { decodePlay, encodeErasure, encodePlay, encodeRetraction } from "./play-message.ts";

const PLAY = {
  user: "ada",
  key: "p-1",
  songId: "song-1",
  title: "",
  artist: "",
  playedAtMs: Date.UTC(2026, 2, 1),
  seconds: 187.5,
  acceptedAtMs: 0,
};

describe("what comes over the topic of plays", () => {
  test.each([
    { playedAtMs: Date.UTC(1900, 0, 1) },
    { playedAtMs: Date.UTC(2200, 0, 1) - 1 },
    { seconds: 0 },
    { seconds: 86_400 },
    { user: "u".repeat(200), key: "k".repeat(200), songId: "s".repeat(200) },
    { songId: "", title: "t".repeat(1_000), artist: "a".repeat(1_000) },
  ])("is a play with $playedAtMs $seconds", (change) => {
    expect(decodePlay(encodePlay({ ...PLAY, ...change }))).toMatchObject(change);
  });

  test.each([
    { playedAtMs: Date.UTC(1900, 0, 1) - 1 },
    { playedAtMs: Date.UTC(2200, 0, 1) },
    { playedAtMs: PLAY.playedAtMs + 0.5 },
    { playedAtMs: Number.NaN },
    { seconds: -1 },
    { seconds: 86_400.001 },
    { seconds: Number.POSITIVE_INFINITY },
    { seconds: Number.NaN },
    { user: "" },
    { user: "u".repeat(201) },
    { key: "" },
    { key: "k".repeat(201) },
    { songId: "s".repeat(201) },
    { title: "t".repeat(1_001) },
    { artist: "a\0" },
  ])("is unreadable when it could not have been accepted: %j", (change) => {
    expect(() => decodePlay(encodePlay({ ...PLAY, ...change }))).toThrow(
      expect.objectContaining({ code: "MESSAGE_UNREADABLE" }),
    );
  });

  test("has nothing but a user and a key when it takes a play back, and no key when it erases", () => {
    expect(decodePlay(encodeRetraction("ada", "p-1", 0)).deleted).toBe(true);
    expect(decodePlay(encodeErasure("ada", 0)).userErased).toBe(true);
    expect(() => decodePlay(encodeRetraction("ada", "", 0))).toThrow(/key must have 1 to 200/);
  });
});
