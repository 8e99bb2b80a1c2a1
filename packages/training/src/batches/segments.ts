/** Sessions cut to the length the network trains on. */
import type { Sessions } from "../sessions/sessions.ts";

/** Runs of songs within the items of the sessions; a run of n + 1 songs has n positions. */
export interface Segments {
  readonly items: Int32Array;
  readonly starts: Int32Array;
  /** Positions of each segment: its songs less one. */
  readonly steps: Int32Array;
}

/** A long session becomes several segments; the last song of one is the first of the next. */
export function cutSegments(sessions: Sessions, stepsMax: number): Segments {
  const starts: number[] = [];
  const steps: number[] = [];
  for (let index = 0; index + 1 < sessions.offsets.length; index++) {
    const lastItem = (sessions.offsets[index + 1] as number) - 1;
    for (let start = sessions.offsets[index] as number; start < lastItem; start += stepsMax) {
      starts.push(start);
      steps.push(Math.min(stepsMax, lastItem - start));
    }
  }
  return { items: sessions.items, starts: Int32Array.from(starts), steps: Int32Array.from(steps) };
}
