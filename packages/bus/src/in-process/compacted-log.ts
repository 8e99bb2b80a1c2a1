/** Records of a compacted topic: in memory, the newest value of each key. */
import type { BusRecord } from "../bus.ts";
import { indexFrom, type NewRecord, type PartitionLog } from "./partition-log.ts";

/** So long a deletion stays readable, for readers that are behind. */
const TOMBSTONE_KEPT_MS = 60_000;
/** Compacting pays once so many records beyond twice the keys have piled up. */
const SLACK_RECORDS = 64;

export class CompactedLog implements PartitionLog {
  readonly #now: () => number;
  readonly #newest = new Map<string, bigint>();
  #records: BusRecord[] = [];
  #endOffset = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  get startOffset(): bigint {
    return this.#records[0]?.offset ?? this.#endOffset;
  }

  get endOffset(): bigint {
    return this.#endOffset;
  }

  append(record: NewRecord): void {
    this.#newest.set(record.key, this.#endOffset);
    this.#records.push({ ...record, offset: this.#endOffset });
    this.#endOffset += 1n;
    if (this.#records.length > 2 * this.#newest.size + SLACK_RECORDS) this.#compact();
  }

  /** Values that have been replaced meanwhile are left out. */
  read(offset: bigint, limit: number): readonly BusRecord[] {
    const found: BusRecord[] = [];
    for (let at = indexFrom(this.#records, offset); found.length < limit; at += 1) {
      const record = this.#records[at];
      if (record === undefined) break;
      if (this.#isNewest(record)) found.push(record);
    }
    return found;
  }

  forgetBefore(): void {
    // A compacted topic forgets by key, not by who has read it.
  }

  #compact(): void {
    const keptSinceMs = this.#now() - TOMBSTONE_KEPT_MS;
    this.#records = this.#records.filter((record) => {
      if (!this.#isNewest(record)) return false;
      if (record.value.length > 0 || record.timestampMs >= keptSinceMs) return true;
      this.#newest.delete(record.key);
      return false;
    });
  }

  #isNewest(record: BusRecord): boolean {
    return this.#newest.get(record.key) === record.offset;
  }
}
