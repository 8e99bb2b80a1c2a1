/** Counting the pairs of one call, on this thread or elsewhere. */
import { type PairCountColumns, PairCounts } from "@segue/statistics";

/** Consecutive rows of two coded columns. */
export interface PairRows {
  /** Number of the first row. */
  readonly firstRow: number;
  readonly lefts: Uint32Array;
  readonly rights: Uint32Array;
  /** Summed by pair, where the counter was opened for amounts. */
  readonly amounts?: Int32Array;
}

export interface PairCounter {
  /**
   * Resolves when more rows may be given, and the memory of these may be used for them: whoever waits
   * for it keeps memory bounded.
   */
  add(rows: PairRows): Promise<void>;
  /** Everything that was added. Called once. */
  finish(): Promise<PairCountColumns>;
}

export interface PairCounting {
  /** Work still under way when the signal is aborted is dropped, and its callers get the reason. */
  open(options: { hasAmounts: boolean; signal: AbortSignal }): PairCounter;
}

/** Counts where it is called. */
export const countingHere: PairCounting = {
  open({ hasAmounts, signal }) {
    const counts = new PairCounts({ hasAmounts });
    return {
      async add({ lefts, rights, firstRow, amounts }) {
        signal.throwIfAborted();
        counts.add(lefts, rights, firstRow, amounts);
      },
      async finish() {
        signal.throwIfAborted();
        return counts.columns();
      },
    };
  },
};
