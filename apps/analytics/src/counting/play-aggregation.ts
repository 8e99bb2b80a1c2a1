/** How one AggregatePlays call gets its counts: here, or from other nodes. */
import { type PlayCounts, playCountsFrom } from "@segue/statistics";
import type { PairCounting } from "./pair-counter.ts";

/** Rows of coded artists and songs; the codes are those of the dictionaries given at opening. */
export interface PlayRows {
  readonly firstRow: number;
  readonly artists: Uint32Array;
  readonly songs: Uint32Array;
}

export interface PlayAggregator {
  /** Resolves when more rows may be given, and the memory of these may be used for them. */
  add(rows: PlayRows): Promise<void>;
  finish(): Promise<PlayCounts>;
}

export interface PlayAggregation {
  /** The dictionaries may grow while rows are added. */
  open(options: {
    readonly artists: readonly string[];
    readonly songs: readonly string[];
    readonly signal: AbortSignal;
  }): PlayAggregator;
}

export function aggregationHere(counting: PairCounting): PlayAggregation {
  return {
    open({ artists, songs, signal }) {
      const counter = counting.open({ hasAmounts: false, signal });
      return {
        add: (rows) =>
          counter.add({ firstRow: rows.firstRow, lefts: rows.artists, rights: rows.songs }),
        finish: async () => playCountsFrom(await counter.finish(), artists, songs),
      };
    },
  };
}
