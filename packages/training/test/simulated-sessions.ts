/**
 * A small seeded world for tests: every scene is an ordered list of songs, popular songs belong to
 * several scenes, and a session walks through one scene with skips. So the last song alone leaves
 * the scene open, and only the order of the earlier ones settles it.
 */
import { Random } from "../src/random.ts";
import { type Sessions, sessionsFromLists } from "../src/sessions/sessions.ts";
import type { SongTable } from "../src/sessions/song-table.ts";

const SCENES = 40;
const SONGS_PER_SCENE = 16;
const SONGS_PER_ARTIST = 4;

export interface SimulatedWorld {
  readonly songs: SongTable;
  readonly sessions: Sessions;
}

export function simulateWorld(
  seed: number,
  songCount: number,
  sessionCount: number,
): SimulatedWorld {
  const random = new Random(seed);
  const scenes = Array.from({ length: SCENES }, () =>
    Array.from({ length: SONGS_PER_SCENE }, () => Math.floor(songCount * random.unit() ** 1.5)),
  );
  const lists = Array.from({ length: sessionCount }, () => {
    const scene = scenes[random.below(SCENES)] as number[];
    const start = random.below(SONGS_PER_SCENE);
    return [...scene.slice(start), ...scene.slice(0, start)].filter(() => random.unit() < 0.6);
  });
  return { songs: numberedSongs(songCount), sessions: sessionsFromLists(lists) };
}

export function numberedSongs(songCount: number): SongTable {
  const rows = Array.from({ length: songCount }, (_, row) => row);
  return {
    ids: rows.map((row) => `song-${row}`),
    artists: Int32Array.from(rows, (row) => Math.floor(row / SONGS_PER_ARTIST)),
    versionGroups: Int32Array.from(rows),
    artistCount: Math.ceil(songCount / SONGS_PER_ARTIST),
  };
}
