import type { Play } from "../src/plays/play-repository.ts";
import type { ListeningSession } from "../src/sessions/listening-session.ts";
import type { SongUpsert } from "../src/songs/song-repository.ts";

export function song(id: string, facts: Partial<SongUpsert> = {}): SongUpsert {
  return {
    id,
    title: `Title of ${id}`,
    artist: `Artist of ${id}`,
    album: null,
    year: null,
    genre: null,
    seconds: null,
    ...facts,
  };
}

export function songs(count: number): SongUpsert[] {
  return Array.from({ length: count }, (_, index) => song(`s${String(index).padStart(5, "0")}`));
}

export function play(key: string, facts: Partial<Play> = {}): Play {
  return {
    user: "ada",
    key,
    songId: "s1",
    title: null,
    artist: null,
    playedAtMs: 1_700_000_000_000,
    seconds: 180,
    session: null,
    ...facts,
  };
}

export function session(id: string, facts: Partial<ListeningSession> = {}): ListeningSession {
  return {
    id,
    user: "ada",
    startedAtMs: 1_700_000_000_000,
    songIds: ["s1", "s2"],
    ...facts,
  };
}

export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
