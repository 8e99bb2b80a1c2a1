/** Past sessions by song, and the distinct songs of each with their places. */
import { type Sessions, sessionCount, sessionItems } from "../../sessions/sessions.ts";

export interface SessionIndex {
  readonly sessionCount: number;
  /** The last `count` sessions with this song, oldest first. */
  recentSessionsOf(song: number, count: number): Int32Array;
  distinctSongsOf(session: number): Int32Array;
  /** Last place of each distinct song within its session. */
  lastPlacesOf(session: number): Int32Array;
}

export function createSessionIndex(sessions: Sessions, songCount: number): SessionIndex {
  const count = sessionCount(sessions);
  const songs = new Int32Array(sessions.items.length);
  const places = new Int32Array(sessions.items.length);
  const offsets = new Int32Array(count + 1);
  for (let session = 0; session < count; session++) {
    let at = offsets[session] as number;
    for (const [song, place] of lastPlaces(sessionItems(sessions, session))) {
      songs[at] = song;
      places[at++] = place;
    }
    offsets[session + 1] = at;
  }
  const postings = invert(songs, offsets, songCount);
  const within = (array: Int32Array, session: number) =>
    array.subarray(offsets[session], offsets[session + 1]);
  return {
    sessionCount: count,
    recentSessionsOf(song, limit) {
      const end = postings.offsets[song + 1] as number;
      const start = Math.max(postings.offsets[song] as number, end - limit);
      return postings.sessions.subarray(start, end);
    },
    distinctSongsOf: (session) => within(songs, session),
    lastPlacesOf: (session) => within(places, session),
  };
}

function lastPlaces(items: Int32Array): Map<number, number> {
  return new Map(Array.from(items, (song, place) => [song, place]));
}

function invert(songs: Int32Array, sessionOffsets: Int32Array, songCount: number) {
  const offsets = new Int32Array(songCount + 1);
  const end = sessionOffsets.at(-1) as number;
  for (let at = 0; at < end; at++) {
    const next = (songs[at] as number) + 1;
    offsets[next] = (offsets[next] as number) + 1;
  }
  for (let song = 0; song < songCount; song++) {
    offsets[song + 1] = (offsets[song + 1] as number) + (offsets[song] as number);
  }
  const fill = offsets.slice();
  const sessions = new Int32Array(end);
  for (let session = 0; session + 1 < sessionOffsets.length; session++) {
    const to = sessionOffsets[session + 1] as number;
    for (let at = sessionOffsets[session] as number; at < to; at++) {
      const song = songs[at] as number;
      sessions[fill[song] as number] = session;
      fill[song] = (fill[song] as number) + 1;
    }
  }
  return { offsets, sessions };
}
