// Real: SQLite. A closed store stands for a database that is away: both throw STORE_UNAVAILABLE.
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { play, song, songs } from "../../test/samples.ts";
import { openStore, type Store } from "../open-store.ts";
import { createTrendingList, type TrendingList } from "./trending-list.ts";

let store: Store;
let events: string[];

beforeEach(async () => {
  events = [];
  await open();
});

async function open(): Promise<void> {
  const opened = await openStore({ path: ":memory:" });
  onTestFinished(() => opened.close());
  store = opened;
}

async function start(nowMs = 1_700_000_000_000): Promise<TrendingList> {
  const list = await createTrendingList({
    listening: { topSongs: (range, limit) => store.listening.topSongs(range, limit) },
    songs: {
      songsByIds: (ids) => store.songs.songsByIds(ids),
      mostPopular: (limit) => store.songs.mostPopular(limit),
    },
    logger: { warn: ({ err }, event) => void events.push(`${event} ${err.code}`) },
    now: () => nowMs,
    refreshIntervalMs: 5,
  });
  onTestFinished(() => list.close());
  return list;
}

const idsOf = (list: TrendingList) => list.entries().map((entry) => entry.song.id);

describe("trending list", () => {
  it("ranks by the plays of the last 30 days where enough songs were played", async () => {
    const catalogue = songs(120);
    await store.songs.upsertSongs(catalogue);
    const old = { playedAtMs: 1_700_000_000_000 - 31 * 24 * 60 * 60 * 1000 };
    await store.plays.appendPlays([
      ...catalogue.map(({ id }) => play(id, { songId: id })),
      play("again", { songId: "s00007" }),
      ...["x", "y", "z"].map((key) => play(key, { songId: "s00003", ...old })),
    ]);
    const list = await start();
    expect(list.songs().slice(0, 2)).toMatchObject([
      { songId: "s00007", plays: 2, versionGroup: "s00007" },
      { songId: "s00000", plays: 1 },
    ]);
    expect(list.songs()).toHaveLength(120);
  });

  it("ranks by popularity where hardly anything was played", async () => {
    await store.songs.upsertSongs([song("a", { popularity: 2 }), song("b", { popularity: 5 })]);
    await store.plays.appendPlays([play("1", { songId: "a" })]);
    expect(idsOf(await start())).toEqual(["b", "a"]);
  });

  it("keeps the last list while the database is away, says so, and follows it again", async () => {
    await store.songs.upsertSongs([song("a")]);
    const list = await start();
    await store.close();
    await vi.waitFor(() => expect(events).toContain("trending.stale STORE_UNAVAILABLE"));
    expect(idsOf(list)).toEqual(["a"]);
    await open();
    await store.songs.upsertSongs([song("b")]);
    await vi.waitFor(() => expect(idsOf(list)).toEqual(["b"]));
  });

  it("begins empty when the database is away at its start", async () => {
    await store.close();
    const list = await start();
    expect(list.songs()).toEqual([]);
    expect(events).toEqual(["trending.stale STORE_UNAVAILABLE"]);
    await open();
    await store.songs.upsertSongs([song("a")]);
    await vi.waitFor(() => expect(idsOf(list)).toEqual(["a"]));
  });

  it("asks no more once it is closed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const list = await start();
    expect(vi.getTimerCount()).toBe(1);
    list.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
