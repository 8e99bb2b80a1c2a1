/** The songs that go best with each song, as two tables of a fixed width. */
import type { Sessions } from "../sessions/sessions.ts";
import { type CooccurrenceOptions, type Cooccurrences, eachCooccurrences } from "./occurrences.ts";

export interface NeighbourTable {
  /** Neighbours per song. */
  readonly width: number;
  /** [songs, width], best first, -1 where there are fewer. */
  readonly rows: Int32Array;
  /** [songs, width] */
  readonly weights: Float32Array;
}

/** Ties go to the lower row. */
export function strongestCooccurrences(
  sessions: Sessions,
  songCount: number,
  width: number,
  options: CooccurrenceOptions,
): NeighbourTable {
  const rows = new Int32Array(songCount * width).fill(-1);
  const weights = new Float32Array(songCount * width);
  eachCooccurrences(sessions, songCount, options, (song, met) => {
    for (const [rank, other] of strongest(met, width).entries()) {
      rows[song * width + rank] = other;
      weights[song * width + rank] = met.weights[other] as number;
    }
  });
  return { width, rows, weights };
}

function strongest({ songs, weights }: Cooccurrences, count: number): number[] {
  const byWeight = (one: number, other: number) =>
    (weights[other] as number) - (weights[one] as number) || one - other;
  return songs.toSorted(byWeight).slice(0, count);
}

/** Closeness within a session, for both directions: what a degraded answer is made from. */
export function sessionNeighbours(
  sessions: Sessions,
  songCount: number,
  width: number,
): NeighbourTable {
  return strongestCooccurrences(sessions, songCount, width, {
    direction: "both",
    distanceMax: 10,
    weigh: (distance) => 1 / distance,
  });
}
