import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type DemoSong, loadCatalogue } from "./catalogue.ts";
import { lastSessions, RECENT_SESSION_COUNT } from "./recent-sessions.ts";
import {
  DEMO_SEED,
  DEMO_SESSION_COUNT,
  SIMULATION_END_MS,
  SIMULATION_START_MS,
  type SimulatedSession,
  simulateSessions,
} from "./simulate-sessions.ts";

/** Of the demo run in its full length. They change with the catalogue's facts or the simulation. */
const FULL_SHA256 = "8018ffeba96531db0fc238a06e5bf9d45e4660aa6dcb3d759a8ea5afe01ef59b";
const SMALL_SHA256 = "359d346af63c9dc365d16657e3b1f442e1e0ce3ee7eb647608286e21d8c34fbe";

/** Training learns from all sessions but the last 15 of 100. */
const TRAINING_SHARE = 0.85;

let catalogue: DemoSong[] = [];
let songById = new Map<string, DemoSong>();
let sessions: SimulatedSession[] = [];
let elapsedMs = 0;

beforeAll(() => {
  catalogue = loadCatalogue();
  songById = new Map(catalogue.map((song) => [song.id, song]));
  const start = performance.now();
  sessions = [
    ...simulateSessions({ seed: DEMO_SEED, sessionCount: DEMO_SESSION_COUNT, catalogue }),
  ];
  elapsedMs = performance.now() - start;
}, 120_000);

function sha256(run: Iterable<SimulatedSession>): string {
  const hash = createHash("sha256");
  for (const session of run) hash.update(`${JSON.stringify(session)}\n`);
  return hash.digest("hex");
}

function playsOf(run: readonly SimulatedSession[]): Map<string, number> {
  const plays = new Map<string, number>();
  for (const { songIds } of run) for (const id of songIds) plays.set(id, (plays.get(id) ?? 0) + 1);
  return plays;
}

/** Share of the pairs of plays, `apart` places from each other, for which a relation holds. */
function shareOfPairs(
  apart: number,
  holds: (before: DemoSong, after: DemoSong) => boolean,
): number {
  let steps = 0;
  let held = 0;
  for (const { songIds } of sessions) {
    for (let place = apart; place < songIds.length; place++) {
      const before = songById.get(songIds[place - apart] ?? "");
      const after = songById.get(songIds[place] ?? "");
      if (before === undefined || after === undefined) continue;
      steps++;
      if (holds(before, after)) held++;
    }
  }
  return held / steps;
}

describe("the demo run", () => {
  test("makes at least 100,000 sessions in under a minute", () => {
    expect(sessions.length).toBe(DEMO_SESSION_COUNT);
    expect(sessions.length).toBeGreaterThanOrEqual(100_000);
    expect(elapsedMs).toBeLessThan(60_000);
  });

  test("has the bytes it had when the demo model was trained", () => {
    expect(sha256(sessions)).toBe(FULL_SHA256);
  });

  test("says of every session that it is simulated", () => {
    const sources = new Set(sessions.map((session) => session.source));
    expect([...sources]).toEqual(["simulated"]);
  });

  test("plays every song at least five times in the part that training learns from", () => {
    const plays = playsOf(sessions.slice(0, Math.floor(sessions.length * TRAINING_SHARE)));
    const rare = catalogue.filter((song) => (plays.get(song.id) ?? 0) < 5);
    expect(rare.map((song) => `${song.artist}: ${song.title}`)).toEqual([]);
  });

  test("gives the plays that the catalogue counts", () => {
    const plays = playsOf(sessions);
    const different = catalogue.filter((song) => song.popularity !== (plays.get(song.id) ?? 0));
    expect(different).toEqual([]);
  });

  test("ends with the sessions that are bundled for a first start", () => {
    expect(lastSessions(RECENT_SESSION_COUNT, catalogue)).toEqual(
      sessions.slice(-RECENT_SESSION_COUNT),
    );
  });

  test("has sessions of 5 to 30 distinct songs, about eleven on average", () => {
    const lengths = sessions.map(({ songIds }) => songIds.length);
    expect(Math.min(...new Set(lengths))).toBe(5);
    expect(Math.max(...new Set(lengths))).toBe(30);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(10);
    expect(mean).toBeLessThan(12);
    expect(sessions.every(({ songIds }) => new Set(songIds).size === songIds.length)).toBe(true);
  });

  test("runs forward through two years, and ever more people listen", () => {
    let last = SIMULATION_START_MS;
    for (const { startedAtMs } of sessions) {
      expect(startedAtMs).toBeGreaterThanOrEqual(last);
      last = startedAtMs;
    }
    expect(last).toBeLessThan(SIMULATION_END_MS);
    const middle = (SIMULATION_START_MS + SIMULATION_END_MS) / 2;
    const firstYear = sessions.filter(({ startedAtMs }) => startedAtMs < middle).length;
    expect(firstYear / sessions.length).toBeGreaterThan(0.3);
    expect(firstYear / sessions.length).toBeLessThan(0.4);
  });

  test("plays famous songs most", () => {
    const plays = playsOf(sessions);
    const mean = (songs: readonly DemoSong[]): number =>
      songs.reduce((sum, song) => sum + (plays.get(song.id) ?? 0), 0) / songs.length;
    const evergreens = catalogue.filter(({ fameRank }) => fameRank !== null && fameRank <= 200);
    const famous = catalogue.filter(({ fameRank }) => fameRank !== null);
    const others = catalogue.filter(({ fameRank }) => fameRank === null);
    expect(mean(evergreens)).toBeGreaterThan(2 * mean(famous));
    expect(mean(famous)).toBeGreaterThan(2 * mean(others));
  });

  test("keeps to genres and sometimes to artists from song to song", () => {
    const isSameGenre = (before: DemoSong, after: DemoSong): boolean =>
      before.genre === after.genre;
    expect(shareOfPairs(1, isSameGenre)).toBeGreaterThan(0.5);
    const sameArtist = shareOfPairs(1, (before, after) => before.artist === after.artist);
    expect(sameArtist).toBeGreaterThan(0.04);
    expect(sameArtist).toBeLessThan(0.2);
    // Where two people take turns, the song before the last one tells more than the last.
    expect(shareOfPairs(2, isSameGenre)).toBeGreaterThan(shareOfPairs(1, isSameGenre) + 0.1);
  });

  test("plays no two versions of a song in one session", () => {
    const groupsOf = ({ songIds }: SimulatedSession): number =>
      new Set(songIds.map((id) => songById.get(id)?.versionGroup)).size;
    expect(sessions.filter((session) => groupsOf(session) < session.songIds.length)).toEqual([]);
  });
});

describe("simulateSessions", () => {
  const small = (seed: number, songs: readonly DemoSong[] = catalogue): string =>
    sha256(simulateSessions({ seed, sessionCount: 500, catalogue: songs }));

  test("gives the same bytes for the same seed, whatever the order of the catalogue", () => {
    expect(small(7)).toBe(SMALL_SHA256);
    expect(small(7, [...catalogue].reverse())).toBe(SMALL_SHA256);
  });

  test("gives other sessions for another seed", () => {
    expect(small(8)).not.toBe(SMALL_SHA256);
  });

  test("does not look at the plays that the catalogue counts", () => {
    expect(
      small(
        7,
        catalogue.map((song) => ({ ...song, popularity: 0 })),
      ),
    ).toBe(SMALL_SHA256);
  });

  test("works on a catalogue of a few songs", () => {
    const few = catalogue.filter((song) => song.genre === "fado").slice(0, 12);
    const run = [...simulateSessions({ seed: 1, sessionCount: 200, catalogue: few })];
    expect(run).toHaveLength(200);
    expect(run.every(({ songIds }) => songIds.length >= 5)).toBe(true);
  });
});

describe("lastSessions", () => {
  test("gives the newest ones in the order of time", () => {
    const newest = lastSessions(10, catalogue);
    expect(newest).toHaveLength(10);
    expect(newest.at(-1)?.id).toBe(`demo-${DEMO_SESSION_COUNT}`);
  });

  test("says what to do when more are asked for than are bundled", () => {
    expect(() => lastSessions(RECENT_SESSION_COUNT + 1, catalogue)).toThrow(/simulateSessions/u);
  });
});
