/** Fetches the records of one partition from an offset on and hands them to a delivery. */
import { setTimeout as pause } from "node:timers/promises";
import { toAppError } from "@segue/errors";
import type { BusRecord } from "../bus.ts";
import {
  type DeliveryOutlets,
  type DeliveryPolicy,
  PartitionDelivery,
} from "../partition-delivery.ts";
import type { Partition } from "./partition.ts";

export interface ConsumerOutlets extends Pick<DeliveryOutlets, "bury" | "now" | "logger"> {
  /** Everything before this offset is done with; gaps in the log are passed over. */
  readonly onProgress: (nextOffset: bigint) => void;
}

const FETCH_RECORDS_MAX = 64;
const FETCH_RETRY_DELAY_MS = 500;

export class PartitionConsumer {
  readonly #partition: Partition;
  readonly #outlets: ConsumerOutlets;
  readonly #delivery: PartitionDelivery;
  readonly #unlisten: () => void;
  #fetched: readonly BusRecord[] = [];
  #fetchedAt = 0;
  #nextOffset: bigint;
  #isScheduled = false;
  #isFetching = false;
  #isStopped = false;

  constructor(
    partition: Partition,
    startOffset: bigint,
    policy: DeliveryPolicy,
    outlets: ConsumerOutlets,
  ) {
    this.#partition = partition;
    this.#nextOffset = startOffset;
    this.#outlets = outlets;
    this.#delivery = new PartitionDelivery(policy, {
      bury: outlets.bury,
      now: outlets.now,
      logger: outlets.logger,
      onHandledTo: outlets.onProgress,
      onFree: () => this.#schedule(),
    });
    this.#unlisten = partition.listen(() => this.#schedule());
    this.#schedule();
  }

  /** Fetches no more and waits for the handlers under way, at most `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    this.#end();
    const timer = new AbortController();
    const timedOut = pause(timeoutMs, "timeout", { signal: timer.signal, ref: false }).catch(
      () => "cancelled",
    );
    const outcome = await Promise.race([this.#delivery.retire(), timedOut]);
    timer.abort();
    if (outcome === "timeout") {
      const { topic, index } = this.#partition;
      this.#outlets.logger.warn({ topic, partition: index, timeoutMs }, "bus.handler.abandoned");
    }
    this.#delivery.fence();
  }

  /** Ends at once, as a crash would: what is under way stays uncommitted. */
  fence(): void {
    this.#end();
    this.#delivery.fence();
  }

  #end(): void {
    this.#isStopped = true;
    this.#unlisten();
  }

  /** Handlers run from the event loop's check phase: never on a publisher's stack, and I/O gets its turn. */
  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isStopped) this.#startWhatFits();
    });
  }

  #startWhatFits(): void {
    while (this.#delivery.hasRoom) {
      const record = this.#fetched[this.#fetchedAt];
      if (record === undefined) {
        if (!this.#fetch()) return;
      } else {
        this.#fetchedAt += 1;
        this.#nextOffset = record.offset + 1n;
        this.#delivery.start(record);
      }
    }
  }

  /** True when records are there now; otherwise an append or the fetch under way wakes us. */
  #fetch(): boolean {
    if (this.#isFetching) return false;
    const endOffset = this.#partition.log.endOffset;
    const records = this.#partition.log.read(this.#nextOffset, FETCH_RECORDS_MAX);
    if (!(records instanceof Promise)) return this.#take(records, endOffset);
    this.#isFetching = true;
    void records
      .then((read) => {
        this.#isFetching = false;
        if (this.#take(read, endOffset)) this.#schedule();
      })
      .catch((thrown: unknown) => this.#retryFetch(thrown));
    return false;
  }

  #take(records: readonly BusRecord[], endOffset: bigint): boolean {
    this.#fetched = records;
    this.#fetchedAt = 0;
    if (records.length > 0) return true;
    // Nothing is left up to the end that was known before reading: the rest was a gap.
    if (this.#nextOffset < endOffset) this.#nextOffset = endOffset;
    if (this.#delivery.isIdle) this.#outlets.onProgress(this.#nextOffset);
    if (this.#nextOffset < this.#partition.log.endOffset) this.#schedule();
    return false;
  }

  async #retryFetch(thrown: unknown): Promise<void> {
    const { topic, index } = this.#partition;
    const error = toAppError(thrown);
    this.#outlets.logger.error({ topic, partition: index, err: error }, "bus.fetch.failed");
    await pause(FETCH_RETRY_DELAY_MS, undefined, { ref: false });
    this.#isFetching = false;
    this.#schedule();
  }
}
