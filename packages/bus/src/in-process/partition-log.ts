/** Where one partition of an in-process topic keeps its records. */
import type { BusRecord } from "../bus.ts";

/** A record before it has its offset. */
export type NewRecord = Omit<BusRecord, "offset">;

export interface PartitionLog {
  /** The oldest record still there has at least this offset. */
  readonly startOffset: bigint;
  /** The next record will have at least this offset. */
  readonly endOffset: bigint;
  /** Resolves when the record is kept as the topic's kind promises. */
  append(record: NewRecord): void | Promise<void>;
  /** Records from `offset` on, ascending, at most `limit`; none means that none is there yet. */
  read(offset: bigint, limit: number): readonly BusRecord[] | Promise<readonly BusRecord[]>;
  /** Every consumer is done with what lies before `offset`. */
  forgetBefore(offset: bigint): void;
}

/** Index of the first record with at least this offset, in records ascending by offset. */
export function indexFrom(records: readonly BusRecord[], offset: bigint): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.offset ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
