/** Records of a work topic: in memory, gone once every consumer is done with them, bounded. */
import { AppError } from "@segue/errors";
import type { BusRecord } from "../bus.ts";
import { lifeLeftMs } from "../record-life.ts";
import { indexFrom, type NewRecord, type PartitionLog } from "./partition-log.ts";

/** Memory that all work topics of a broker share. */
export class WorkMemory {
  readonly bytesMax: number;
  bytesUsed = 0;
  readonly logs = new Set<WorkLog>();

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }
}

/** Beyond this a partition's consumers are so far behind that newer records would expire too. */
const RECORDS_MAX = 8_192;
/** A request waits no longer than a few seconds; a second frees much. */
const RETRY_AFTER_SECONDS = 1;
/** What a record costs beside its value. */
const RECORD_OVERHEAD_BYTES = 256;

export class WorkLog implements PartitionLog {
  readonly #memory: WorkMemory;
  readonly #now: () => number;
  readonly #hasConsumers: () => boolean;
  readonly #records: BusRecord[] = [];
  #endOffset = 0n;

  constructor(memory: WorkMemory, now: () => number, hasConsumers: () => boolean) {
    this.#memory = memory;
    this.#now = now;
    this.#hasConsumers = hasConsumers;
    memory.logs.add(this);
  }

  get startOffset(): bigint {
    return this.#records[0]?.offset ?? this.#endOffset;
  }

  get endOffset(): bigint {
    return this.#endOffset;
  }

  /** Throws OVERLOADED when the partition or the broker's memory is full of unhandled records. */
  append(record: NewRecord): void {
    if (!this.#hasRoomFor(record)) this.#makeRoom();
    if (!this.#hasRoomFor(record)) {
      throw new AppError(
        "OVERLOADED",
        `${record.topic} partition ${record.partition} holds ${this.#records.length} unhandled ` +
          `records (work topics: ${this.#memory.bytesUsed} of ${this.#memory.bytesMax} bytes); ` +
          "add consumers, or send slower",
        {
          details: {
            topic: record.topic,
            partition: record.partition,
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          },
        },
      );
    }
    this.#records.push({ ...record, offset: this.#endOffset });
    this.#memory.bytesUsed += sizeOf(record);
    this.#endOffset += 1n;
  }

  read(offset: bigint, limit: number): readonly BusRecord[] {
    const from = indexFrom(this.#records, offset);
    return this.#records.slice(from, from + limit);
  }

  forgetBefore(offset: bigint): void {
    this.#drop(indexFrom(this.#records, offset));
  }

  /** Drops the oldest records up to the first that somebody may still want. */
  dropExpired(): void {
    const nowMs = this.#now();
    const wanted = this.#records.findIndex((record) => lifeLeftMs(record, nowMs) > 0);
    this.#drop(wanted === -1 ? this.#records.length : wanted);
  }

  #hasRoomFor(record: NewRecord): boolean {
    const { bytesUsed, bytesMax } = this.#memory;
    return this.#records.length < RECORDS_MAX && bytesUsed + sizeOf(record) <= bytesMax;
  }

  #makeRoom(): void {
    for (const log of this.#memory.logs) log.dropExpired();
    // Without a consumer nobody would ever make room; Kafka's retention drops the oldest too.
    if (!this.#hasConsumers()) this.#drop(Math.ceil(this.#records.length / 2));
  }

  #drop(count: number): void {
    for (const record of this.#records.splice(0, count)) this.#memory.bytesUsed -= sizeOf(record);
  }
}

function sizeOf(record: NewRecord): number {
  return record.value.length + RECORD_OVERHEAD_BYTES;
}
