/**
 * Takes the records of one partition through their handler: expiry, retry, dead letter, and the
 * order of commits. The same for every bus; a bus only fetches records and stores offsets.
 */
import { setTimeout as pause } from "node:timers/promises";
import { HEADERS } from "@segue/contracts";
import { type AppError, type ErrorCode, toAppError } from "@segue/errors";
import type { BusRecord, RecordHandler } from "./bus.ts";
import type { BusLogger } from "./bus-logger.ts";
import type { Burial } from "./dead-letter.ts";
import { lifeLeftMs } from "./record-life.ts";

export interface DeliveryPolicy {
  /** Empty for a reader of fixed partitions. */
  readonly group: string;
  readonly handler: RecordHandler;
  readonly concurrency: number;
  readonly deliveriesMax: number;
  /** The record was promised to last: a failure that may pass is waited out, however long. */
  readonly isDurable: boolean;
  readonly onExpired?: ((record: BusRecord) => void) | undefined;
}

export interface DeliveryOutlets {
  /** Resolves when the dead letter is stored. */
  readonly bury: (burial: Burial) => Promise<void>;
  /** Every record before this offset is done with. Offsets only grow. */
  readonly onHandledTo: (nextOffset: bigint) => void;
  /** A place became free: another record may be started. */
  readonly onFree: () => void;
  readonly now: () => number;
  readonly logger: BusLogger;
}

/** So many records may be done behind one that still fails: commits follow the order. */
const SLOTS_MAX = 1_024;
const RETRY_DELAY_MS_FIRST = 50;
const RETRY_DELAY_MS_MAX = 2_000;

interface Slot {
  readonly nextOffset: bigint;
  isDone: boolean;
}

export class PartitionDelivery {
  readonly #policy: DeliveryPolicy;
  readonly #outlets: DeliveryOutlets;
  /** Handlers learn here that they have lost the record, not that they should hurry. */
  readonly #fence = new AbortController();
  /** Ends the pauses between retries: what is failing now is left to the next owner. */
  readonly #retirement = new AbortController();
  /** Records under way and done ones behind them, by offset. */
  readonly #slots: Slot[] = [];
  #busy = 0;
  /** The code of the failure that durable records wait out now. */
  #waitedOut: ErrorCode | undefined;
  #onDrained: (() => void) | undefined;

  constructor(policy: DeliveryPolicy, outlets: DeliveryOutlets) {
    this.#policy = policy;
    this.#outlets = outlets;
  }

  get hasRoom(): boolean {
    const hasPlace = this.#busy < this.#policy.concurrency && this.#slots.length < SLOTS_MAX;
    return hasPlace && !this.#retirement.signal.aborted;
  }

  get isIdle(): boolean {
    return this.#busy === 0;
  }

  /** Starts the next record; offsets ascend from call to call. Ask `hasRoom` first. */
  start(record: BusRecord): void {
    const slot: Slot = { nextOffset: record.offset + 1n, isDone: false };
    this.#slots.push(slot);
    this.#busy += 1;
    void this.#deliver(record).then((isDone) => {
      slot.isDone = isDone;
      this.#busy -= 1;
      if (!this.#fence.signal.aborted) this.#advance();
      if (this.#busy === 0) this.#onDrained?.();
      if (this.hasRoom) this.#outlets.onFree();
    });
  }

  /** Starts nothing more and resolves when the handlers under way are through. */
  async retire(): Promise<void> {
    this.#retirement.abort();
    if (this.#busy === 0) return;
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
  }

  /** The records belong to somebody else from now on: nothing here is reported as done. */
  fence(): void {
    this.#retirement.abort();
    this.#fence.abort();
  }

  #advance(): void {
    let handledTo: bigint | undefined;
    while (this.#slots[0]?.isDone) handledTo = this.#slots.shift()?.nextOffset;
    if (handledTo !== undefined) this.#outlets.onHandledTo(handledTo);
  }

  /** True when the record is done with: handled, expired, or buried. */
  async #deliver(record: BusRecord): Promise<boolean> {
    for (let deliveries = 1; ; deliveries += 1) {
      try {
        await this.#handle(record);
        this.#waitedOut = undefined;
        return true;
      } catch (thrown) {
        if (this.#fence.signal.aborted) return false;
        const error = toAppError(thrown);
        if (this.#isHopeless(error, deliveries)) return this.#bury(record, error, deliveries);
        this.#warn(record, error, deliveries);
        if (!(await this.#waitBeforeRetry(deliveries))) return false;
      }
    }
  }

  /** What is waited out is said once, until a record gets through: it can take hours. */
  #warn(record: BusRecord, error: AppError, deliveries: number): void {
    const isWaitedOut = this.#policy.isDurable && error.isRetryable;
    if (isWaitedOut && this.#waitedOut === error.code) return;
    if (isWaitedOut) this.#waitedOut = error.code;
    this.#outlets.logger.warn(this.#fieldsOf(record, error, deliveries), "bus.handler.failed");
  }

  #isHopeless(error: AppError, deliveries: number): boolean {
    if (error.code === "MESSAGE_UNREADABLE") return true;
    if (this.#policy.isDurable && error.isRetryable) return false;
    return deliveries >= this.#policy.deliveriesMax;
  }

  async #handle(record: BusRecord): Promise<void> {
    if (lifeLeftMs(record, this.#outlets.now()) <= 0) {
      this.#policy.onExpired?.(record);
      return;
    }
    // A copy each time: what one handler does to the bytes must not reach another or a retry.
    const copy = { ...record, value: new Uint8Array(record.value) };
    await this.#policy.handler(copy, this.#fence.signal);
  }

  async #bury(record: BusRecord, error: AppError, deliveries: number): Promise<boolean> {
    const burial = { record, group: this.#policy.group, error, deliveries };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#outlets.bury({ ...burial, diedAtMs: this.#outlets.now() });
        this.#outlets.logger.error(this.#fieldsOf(record, error, deliveries), "bus.record.buried");
        return true;
      } catch (thrown) {
        const fields = this.#fieldsOf(record, toAppError(thrown), deliveries);
        this.#outlets.logger.error(fields, "bus.burial.failed");
        if (!(await this.#waitBeforeRetry(attempt))) return false;
      }
    }
  }

  /** False when the partition was given up meanwhile. */
  async #waitBeforeRetry(attempt: number): Promise<boolean> {
    const delayMs = Math.min(RETRY_DELAY_MS_FIRST * 2 ** (attempt - 1), RETRY_DELAY_MS_MAX);
    try {
      await pause(delayMs, undefined, { signal: this.#retirement.signal });
      return true;
    } catch {
      return false;
    }
  }

  #fieldsOf(record: BusRecord, error: AppError, deliveries: number): object {
    const { topic, partition, offset, key } = record;
    const where = { topic, partition, offset: String(offset), key, group: this.#policy.group };
    const requestId = record.headers[HEADERS.requestId];
    return { ...where, requestId, deliveries, code: error.code, err: error };
  }
}
