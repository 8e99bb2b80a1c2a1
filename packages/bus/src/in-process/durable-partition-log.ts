/** Records of a durable topic, kept in a DurableLog; appends that come together go together. */
import { AppError } from "@segue/errors";
import type { BusRecord } from "../bus.ts";
import type { DurableLog } from "../durable-log.ts";
import type { NewRecord, PartitionLog } from "./partition-log.ts";

/** One append at a time; what comes meanwhile is the next batch. One disk sync serves many. */
export class DurableWriter {
  readonly #log: DurableLog;
  #queue: QueuedAppend[] = [];
  #isWriting = false;

  constructor(log: DurableLog) {
    this.#log = log;
  }

  /** The stored record's offset. */
  append(record: NewRecord): Promise<bigint> {
    if (this.#queue.length >= QUEUE_MAX) {
      throw new AppError(
        "OVERLOADED",
        `${this.#queue.length} records wait to be stored on disk; send slower`,
        { details: { topic: record.topic, retryAfterSeconds: RETRY_AFTER_SECONDS } },
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, resolve, reject });
      this.#startWriting();
    });
  }

  /** Behind the present turn of the event loop, so that what is published together is one batch. */
  #startWriting(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    queueMicrotask(() => void this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH_MAX);
      this.#queue = this.#queue.slice(BATCH_MAX);
      try {
        const offsets = await this.#log.append(batch.map(({ record }) => record));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const offset = offsets[index];
          if (offset === undefined) reject(new AppError("INTERNAL", "An append had no offset"));
          else resolve(offset);
        }
      } catch (thrown) {
        for (const { reject } of batch) reject(fromLogError(thrown));
      }
    }
    this.#isWriting = false;
  }
}

export class DurablePartitionLog implements PartitionLog {
  readonly startOffset = 0n;
  readonly #log: DurableLog;
  readonly #writer: DurableWriter;
  readonly #topic: string;
  readonly #partition: number;
  #endOffset: bigint;

  private constructor(log: DurableLog, writer: DurableWriter, place: Place, endOffset: bigint) {
    this.#log = log;
    this.#writer = writer;
    this.#topic = place.topic;
    this.#partition = place.partition;
    this.#endOffset = endOffset;
  }

  static async open(
    log: DurableLog,
    writer: DurableWriter,
    place: Place,
  ): Promise<DurablePartitionLog> {
    const endOffset = await log.endOffset(place.topic, place.partition);
    return new DurablePartitionLog(log, writer, place, endOffset);
  }

  get endOffset(): bigint {
    return this.#endOffset;
  }

  async append(record: NewRecord): Promise<void> {
    const offset = await this.#writer.append(record);
    if (offset >= this.#endOffset) this.#endOffset = offset + 1n;
  }

  async read(offset: bigint, limit: number): Promise<readonly BusRecord[]> {
    return this.#log.read(this.#topic, this.#partition, offset, limit);
  }

  forgetBefore(): void {
    // Durable records stay; the owner of the log prunes it by age.
  }
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

interface QueuedAppend {
  readonly record: NewRecord;
  readonly resolve: (offset: bigint) => void;
  readonly reject: (error: AppError) => void;
}

const QUEUE_MAX = 50_000;
/** A disk that works stores a full queue in about this time. */
const RETRY_AFTER_SECONDS = 1;
const BATCH_MAX = 1_000;

function fromLogError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError(
    "BUS_UNAVAILABLE",
    `The durable log refused an append (${thrown instanceof Error ? thrown.message : String(thrown)}); check the disk of the data folder`,
    { cause: thrown },
  );
}
