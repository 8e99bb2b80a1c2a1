import { allEntries, byFirstRow } from "./entry-order.ts";
import type { PairCountColumns } from "./pair-counts.ts";

/** Plays of each key, in order of first appearance. */
export interface PlayCounts {
  readonly keys: readonly string[];
  readonly counts: Float64Array;
  readonly firstRows: Float64Array;
}

/** "Artist - SongID": nothing trimmed, no case folded. */
export function playKeyOf(artist: string, songId: string): string {
  return `${artist} - ${songId}`;
}

/**
 * @param pairs lefts are artists, rights are songs. Two pairs may spell the same key ("A" and
 * "B - C", "A - B" and "C"), and then are one.
 */
export function playCountsFrom(
  pairs: PairCountColumns,
  artists: readonly string[],
  songs: readonly string[],
): PlayCounts {
  const entryByKey = new Map<string, number>();
  const keys: string[] = [];
  const counts = new Float64Array(pairs.lefts.length);
  const firstRows = new Float64Array(pairs.lefts.length);
  // In this order the first pair of a key is its first appearance.
  for (const pair of byFirstRow(allEntries(pairs.lefts.length), pairs.firstRows)) {
    const artist = artists[pairs.lefts[pair] ?? 0] ?? "";
    const key = playKeyOf(artist, songs[pairs.rights[pair] ?? 0] ?? "");
    const known = entryByKey.get(key);
    const entry = known ?? keys.length;
    if (known === undefined) {
      entryByKey.set(key, entry);
      keys.push(key);
      firstRows[entry] = pairs.firstRows[pair] ?? 0;
    }
    counts[entry] = (counts[entry] ?? 0) + (pairs.counts[pair] ?? 0);
  }
  return {
    keys,
    counts: counts.subarray(0, keys.length),
    firstRows: firstRows.subarray(0, keys.length),
  };
}
