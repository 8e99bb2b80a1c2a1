/** Which songs occur with a song in the same session, one song at a time, without a hash table. */
import { type Sessions, sessionCount } from "../sessions/sessions.ts";

/** Where each song occurs: places in the sessions' items, ascending. */
interface OccurrenceIndex {
  readonly offsets: Int32Array;
  readonly places: Int32Array;
  /** Session of each place. */
  readonly sessionOf: Int32Array;
}

export interface CooccurrenceOptions {
  /** Songs further apart than this do not count; no limit when absent. */
  readonly distanceMax?: number;
  /** Whether songs count that come before (negative distance), after, or both. */
  readonly direction: "after" | "both";
  /** Weight of a pair whose songs are so many places apart. */
  weigh(distance: number): number;
}

/** Songs that occur with one song; valid until the next is visited. */
export interface Cooccurrences {
  /** Distinct songs, other than the song itself, in order of first meeting. */
  readonly songs: readonly number[];
  /** Summed weight by song; zero for songs that are not in `songs`. */
  readonly weights: Float64Array;
}

export function eachCooccurrences(
  sessions: Sessions,
  songCount: number,
  options: CooccurrenceOptions,
  visit: (song: number, cooccurrences: Cooccurrences) => void,
): void {
  const { offsets, places, sessionOf } = indexOccurrences(sessions, songCount);
  const distanceMax = options.distanceMax ?? Number.POSITIVE_INFINITY;
  const pairWeights = weightTable(sessions, options);
  const weights = new Float64Array(songCount);
  const songs: number[] = [];
  const { items } = sessions;
  for (let song = 0; song < songCount; song++) {
    for (let at = offsets[song] as number; at < (offsets[song + 1] as number); at++) {
      const place = places[at] as number;
      const session = sessionOf[place] as number;
      const start = sessions.offsets[session] as number;
      const end = sessions.offsets[session + 1] as number;
      const from = options.direction === "after" ? place + 1 : Math.max(start, place - distanceMax);
      const to = Math.min(end - 1, place + distanceMax);
      for (let other = from; other <= to; other++) {
        const met = items[other] as number;
        if (met === song) continue;
        const weight = weights[met] as number;
        if (weight === 0) songs.push(met);
        weights[met] = weight + (pairWeights[Math.abs(other - place)] as number);
      }
    }
    visit(song, { songs, weights });
    for (const met of songs) weights[met] = 0;
    songs.length = 0;
  }
}

/** Weight by distance, so that the inner loop reads and does not compute. */
function weightTable(sessions: Sessions, options: CooccurrenceOptions): Float64Array {
  let longest = 1;
  for (let index = 0; index < sessionCount(sessions); index++) {
    const length = (sessions.offsets[index + 1] as number) - (sessions.offsets[index] as number);
    longest = Math.max(longest, length);
  }
  const table = new Float64Array(longest);
  for (let distance = 1; distance < longest; distance++) table[distance] = options.weigh(distance);
  return table;
}

function indexOccurrences({ items, offsets }: Sessions, songCount: number): OccurrenceIndex {
  const starts = new Int32Array(songCount + 1);
  for (const item of items) starts[item + 1] = (starts[item + 1] as number) + 1;
  for (let song = 0; song < songCount; song++) {
    starts[song + 1] = (starts[song + 1] as number) + (starts[song] as number);
  }
  const next = starts.slice();
  const places = new Int32Array(items.length);
  const sessionOf = new Int32Array(items.length);
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (
      let place = offsets[session] as number;
      place < (offsets[session + 1] as number);
      place++
    ) {
      const item = items[place] as number;
      places[next[item] as number] = place;
      next[item] = (next[item] as number) + 1;
      sessionOf[place] = session;
    }
  }
  return { offsets: starts, places, sessionOf };
}
