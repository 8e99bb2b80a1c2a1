import { describe, expect, test } from "vitest";
import {
  collectSessions,
  hashSessions,
  mapSessions,
  positionCount,
  sessionCount,
  sessionItems,
  sessionsFromLists,
  sliceSessions,
} from "./sessions.ts";
import { createSongTable, selectSongs } from "./song-table.ts";
import { splitByTime } from "./time-split.ts";
import { createVocabulary, vocabularyOf } from "./vocabulary.ts";

const songs = createSongTable([
  { id: "a", artist: "Abba", versionGroup: "a" },
  { id: "b", artist: "Björk", versionGroup: "b" },
  { id: "b-live", artist: "Björk", versionGroup: "b" },
]);

function listsOf(sessions: ReturnType<typeof sessionsFromLists>): number[][] {
  return Array.from({ length: sessionCount(sessions) }, (_, index) => [
    ...sessionItems(sessions, index),
  ]);
}

describe("collectSessions", () => {
  test("orders by time, keeps the order of equal times, and drops unknown songs", () => {
    const sessions = collectSessions(
      [
        { songIds: ["a", "nobody", "b"], startedAt: new Date(2000) },
        { songIds: ["b"], startedAt: 1000 },
        { songIds: ["b-live"], startedAt: 1000 },
      ],
      songs,
    );
    expect(listsOf(sessions)).toEqual([[1], [2], [0, 1]]);
    expect([...sessions.startedAtMs]).toEqual([1000, 1000, 2000]);
  });
});

describe("song table", () => {
  test("numbers artists and version groups, afresh for a selection", () => {
    expect([...songs.artists]).toEqual([0, 1, 1]);
    expect([...songs.versionGroups]).toEqual([0, 1, 1]);
    const selected = selectSongs(songs, Int32Array.of(1, 2));
    expect(selected.ids).toEqual(["b", "b-live"]);
    expect([...selected.artists, ...selected.versionGroups]).toEqual([0, 0, 0, 0]);
    expect(selected.artistCount).toBe(1);
  });
});

describe("sessions", () => {
  const sessions = sessionsFromLists([[0, 1, 2], [1], [2, 0]]);

  test("slices keep items, order and times", () => {
    const slice = sliceSessions(sessions, 1, 3);
    expect(listsOf(slice)).toEqual([[1], [2, 0]]);
    expect([...slice.startedAtMs]).toEqual([1, 2]);
  });

  test("mapping drops unknown songs and then sessions without a next song", () => {
    const mapped = mapSessions(sessions, Int32Array.of(5, -1, 7));
    expect(listsOf(mapped)).toEqual([
      [5, 7],
      [7, 5],
    ]);
    expect([...mapped.startedAtMs]).toEqual([0, 2]);
    expect(positionCount(mapped)).toBe(2);
  });

  test("the hash depends on songs, borders and times", () => {
    const hash = hashSessions(sessions, songs);
    expect(hashSessions(sessionsFromLists([[0, 1, 2], [1], [2, 0]]), songs)).toBe(hash);
    for (const lists of [
      [
        [0, 1],
        [2, 1],
        [2, 0],
      ],
      [[0, 1, 2], [1], [2, 1]],
    ]) {
      expect(hashSessions(sessionsFromLists(lists), songs)).not.toBe(hash);
    }
    expect(hashSessions({ ...sessions, startedAtMs: Float64Array.of(0, 1, 3) }, songs)).not.toBe(
      hash,
    );
  });
});

describe("splitByTime", () => {
  test("gives the latest sessions to the test, those before to validation", () => {
    const sessions = sessionsFromLists(Array.from({ length: 20 }, (_, index) => [index, index]));
    const split = splitByTime(sessions, { validation: 0.1, test: 0.2 });
    const firstItems = (part: typeof sessions) => listsOf(part).map(([first]) => first);
    expect(firstItems(split.training)).toEqual(Array.from({ length: 14 }, (_, index) => index));
    expect(firstItems(split.validation)).toEqual([14, 15]);
    expect(firstItems(split.test)).toEqual([16, 17, 18, 19]);
  });
});

describe("vocabulary", () => {
  test("holds the songs with enough plays in the order of the table", () => {
    const vocabulary = createVocabulary(
      sessionsFromLists([
        [2, 0, 2],
        [0, 1],
      ]),
      songs,
      2,
    );
    expect([...vocabulary.rows]).toEqual([0, 2]);
    expect([...vocabulary.modelRowOf]).toEqual([0, -1, 1]);
    expect([...vocabularyOf(["b-live", "a", "gone"], songs)]).toEqual([1, -1, 0]);
  });
});
