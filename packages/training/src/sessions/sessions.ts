/** Listening sessions as columns of song rows: session i is items[offsets[i]] ... items[offsets[i + 1] - 1]. */
import { createHash } from "node:crypto";

import type { SongTable } from "./song-table.ts";

export interface Sessions {
  readonly items: Int32Array;
  /** One more than there are sessions. */
  readonly offsets: Int32Array;
  /** Start of each session, milliseconds since 1970, ascending. */
  readonly startedAtMs: Float64Array;
}

export interface SessionRecord {
  readonly songIds: readonly string[];
  readonly startedAt: Date | number;
}

/** Sorts by time (records of one moment keep their order) and drops songs that the table lacks. */
export function collectSessions(records: Iterable<SessionRecord>, songs: SongTable): Sessions {
  const rowOf = new Map(songs.ids.map((id, row) => [id, row]));
  const sessions: { items: number[]; startedAtMs: number }[] = [];
  for (const record of records) {
    const items: number[] = [];
    for (const id of record.songIds) {
      const row = rowOf.get(id);
      if (row !== undefined) items.push(row);
    }
    sessions.push({ items, startedAtMs: Number(record.startedAt) });
  }
  sessions.sort((one, other) => one.startedAtMs - other.startedAtMs);
  return sessionsFromLists(
    sessions.map((session) => session.items),
    sessions.map((session) => session.startedAtMs),
  );
}

/** @param startedAtMs ascending; without it a session's time is its place in the list */
export function sessionsFromLists(
  lists: readonly (readonly number[])[],
  startedAtMs?: readonly number[],
): Sessions {
  const offsets = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) {
    offsets[index + 1] = (offsets[index] as number) + list.length;
  }
  const items = new Int32Array(offsets.at(-1) as number);
  for (const [index, list] of lists.entries()) items.set(list, offsets[index]);
  return { items, offsets, startedAtMs: Float64Array.from(startedAtMs ?? lists.keys()) };
}

export function sessionCount(sessions: Sessions): number {
  return sessions.offsets.length - 1;
}

/** The songs of one session, without a copy. */
export function sessionItems(sessions: Sessions, index: number): Int32Array {
  return sessions.items.subarray(sessions.offsets[index], sessions.offsets[index + 1]);
}

/** How many next songs there are to predict. */
export function positionCount(sessions: Sessions): number {
  let count = 0;
  for (let index = 0; index < sessionCount(sessions); index++) {
    count += Math.max(0, sessionItems(sessions, index).length - 1);
  }
  return count;
}

/** Sessions `from` ... `to - 1`. */
export function sliceSessions(sessions: Sessions, from: number, to: number): Sessions {
  const first = sessions.offsets[from] as number;
  return {
    items: sessions.items.subarray(first, sessions.offsets[to]),
    offsets: sessions.offsets.subarray(from, to + 1).map((offset) => offset - first),
    startedAtMs: sessions.startedAtMs.subarray(from, to),
  };
}

/**
 * Translates song rows, dropping songs that map to -1 and then sessions of fewer than two songs:
 * they hold no next song to learn or to test.
 */
export function mapSessions(sessions: Sessions, rowFor: Int32Array): Sessions {
  const lists: number[][] = [];
  const startedAtMs: number[] = [];
  for (let index = 0; index < sessionCount(sessions); index++) {
    const list: number[] = [];
    for (const item of sessionItems(sessions, index)) {
      const row = rowFor[item] as number;
      if (row >= 0) list.push(row);
    }
    if (list.length < 2) continue;
    lists.push(list);
    startedAtMs.push(sessions.startedAtMs[index] as number);
  }
  return sessionsFromLists(lists, startedAtMs);
}

/** SHA-256 over the song ids of each session in order, and the session starts. */
export function hashSessions(sessions: Sessions, songs: SongTable): string {
  const hash = createHash("sha256");
  for (let index = 0; index < sessionCount(sessions); index++) {
    const ids = Array.from(sessionItems(sessions, index), (row) => songs.ids[row]);
    hash.update(`${sessions.startedAtMs[index]}\t${ids.join("\t")}\n`);
  }
  return hash.digest("hex");
}
