/** Consumes one partition of Kafka: keeps a few records ahead and hands them to a delivery. */
import { setTimeout as pause } from "node:timers/promises";
import type { RecordsBatch } from "@platformatic/kafka";
import { BrokerClock } from "../broker-clock.ts";
import type { BusRecord } from "../bus.ts";
import {
  type DeliveryOutlets,
  type DeliveryPolicy,
  PartitionDelivery,
} from "../partition-delivery.ts";
import type { FetchTarget } from "./fetcher.ts";
import type { PartitionName } from "./partition-offsets.ts";
import { nextOffsetBehind, toBusRecords } from "./record-codec.ts";

export interface ConsumerOutlets extends Pick<DeliveryOutlets, "bury" | "now" | "logger"> {
  /** The consumer may have become hungry. */
  readonly onRoom: () => void;
  /** Everything before this offset is done with; gaps in the log are passed over. */
  readonly onProgress: (nextOffset: bigint) => void;
  /** Where the log begins and ends now. */
  readonly logRange: () => Promise<{ readonly start: bigint; readonly end: bigint }>;
  /** Of `ReadOptions`. Default 0. */
  readonly gatherMs?: number;
}

/** Below it the next records are fetched while these are handled. */
const AHEAD_BYTES = 512 * 1024;
const AHEAD_RECORDS = 256;
const STARTED_PER_TURN_MAX = 64;

export class PartitionConsumer implements FetchTarget {
  readonly topic: string;
  readonly partition: number;
  readonly gatherMs: number;
  readonly #outlets: ConsumerOutlets;
  readonly #delivery: PartitionDelivery;
  readonly #isDurable: boolean;
  readonly #clock = new BrokerClock();
  #ahead: BusRecord[] = [];
  #aheadBytes = 0;
  #position: bigint;
  #positionEpoch = -1;
  #isScheduled = false;
  /** Records started since the event loop turned. */
  #started = 0;
  #isStopped = false;
  #isRepositioning = false;

  constructor(
    name: PartitionName,
    startOffset: bigint,
    policy: DeliveryPolicy,
    outlets: ConsumerOutlets,
  ) {
    this.topic = name.topic;
    this.partition = name.partition;
    this.gatherMs = outlets.gatherMs ?? 0;
    this.#position = startOffset;
    this.#outlets = outlets;
    this.#isDurable = policy.isDurable;
    this.#delivery = new PartitionDelivery(policy, {
      bury: outlets.bury,
      now: outlets.now,
      logger: outlets.logger,
      onHandledTo: (nextOffset) => outlets.onProgress(this.#skipGap(nextOffset)),
      onFree: () => this.#goOn(),
    });
  }

  get position(): bigint {
    return this.#position;
  }

  get positionEpoch(): number {
    return this.#positionEpoch;
  }

  isHungry(): boolean {
    if (this.#isStopped || this.#isRepositioning) return false;
    return this.#aheadBytes < AHEAD_BYTES && this.#ahead.length < AHEAD_RECORDS;
  }

  take(batches: readonly RecordsBatch[]): void {
    if (this.#isStopped) return;
    for (const batch of batches) {
      // A batch comes whole, also when only its end was asked for.
      for (const record of toBusRecords(this.topic, this.partition, batch, this.#position)) {
        this.#ahead.push(this.#inOwnTime(record, batch.partitionLeaderEpoch));
        this.#aheadBytes += record.value.length;
      }
      this.#position = nextOffsetBehind(batch);
      this.#positionEpoch = batch.partitionLeaderEpoch;
    }
    if (this.#ahead.length > 0) this.#schedule();
    else if (this.#delivery.isIdle) this.#outlets.onProgress(this.#position);
  }

  reposition(endOffset: bigint | undefined): void {
    this.#isRepositioning = true;
    void this.#reposition(endOffset);
  }

  /** Fetches no more and waits for the handlers under way, at most `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    const timer = new AbortController();
    const timedOut = pause(timeoutMs, "timeout", { signal: timer.signal }).catch(() => "cancelled");
    const outcome = await Promise.race([this.#delivery.retire(), timedOut]);
    timer.abort();
    if (outcome === "timeout") {
      const { topic, partition } = this;
      this.#outlets.logger.warn({ topic, partition, timeoutMs }, "bus.handler.abandoned");
    }
    this.#delivery.fence();
  }

  /** Ends at once: what is under way belongs to somebody else from now on. */
  fence(): void {
    this.#isStopped = true;
    this.#delivery.fence();
  }

  /**
   * What was fetched together is handled in one turn of the event loop where handlers are quick, so
   * that what they send goes together too; the loop turns at times nevertheless.
   */
  #goOn(): void {
    if (this.#started < STARTED_PER_TURN_MAX) this.#startWhatFits();
    else this.#schedule();
  }

  /** Handlers run from the event loop's check phase: never on a publisher's stack. */
  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#started = 0;
      this.#startWhatFits();
    });
  }

  #startWhatFits(): void {
    if (this.#isStopped) return;
    const wasHungry = this.isHungry();
    while (this.#delivery.hasRoom) {
      const record = this.#ahead.shift();
      if (record === undefined) break;
      this.#aheadBytes -= record.value.length;
      this.#started += 1;
      this.#delivery.start(record);
    }
    if (!wasHungry && this.isHungry()) this.#outlets.onRoom();
  }

  /** What lasts keeps the time that it was stored at. */
  #inOwnTime(record: BusRecord, leaderEpoch: number): BusRecord {
    if (this.#isDurable) return record;
    const { timestampMs } = record;
    const [monotonicMs, nowMs] = [performance.now(), this.#outlets.now()];
    return {
      ...record,
      timestampMs: this.#clock.toLocal(timestampMs, leaderEpoch, monotonicMs, nowMs),
    };
  }

  /** Behind the last record fetched there may be a gap that compaction left. */
  #skipGap(nextOffset: bigint): bigint {
    return this.#ahead.length === 0 && this.#delivery.isIdle ? this.#position : nextOffset;
  }

  /** The log was cut: by retention at its start, or at its end with a leader that was lost. */
  async #reposition(endOffset: bigint | undefined): Promise<void> {
    const { topic, partition, position: before } = this;
    try {
      const { start, end } = await this.#outlets.logRange();
      const wanted = endOffset !== undefined && endOffset < before ? endOffset : before;
      this.#position = wanted < start ? start : wanted > end ? end : wanted;
      this.#positionEpoch = -1;
      const fields = { topic, partition, before: String(before), after: String(this.#position) };
      this.#outlets.logger.warn(fields, "bus.position.moved");
      if (this.#ahead.length === 0 && this.#delivery.isIdle) {
        this.#outlets.onProgress(this.#position);
      }
    } catch (err) {
      this.#outlets.logger.warn({ topic, partition, err }, "bus.position.unknown");
    } finally {
      this.#isRepositioning = false;
      this.#outlets.onRoom();
    }
  }
}
