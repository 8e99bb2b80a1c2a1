/**
 * Sends messages in batches: while requests to a broker are under way, what comes for it waits and
 * goes with the next. Every broker has its own few, so that a dead one holds up only what it leads.
 */
import { type MessageRecord, produceV9 } from "@platformatic/kafka";
import { AppError, toAppError } from "@segue/errors";
import type { TopicKind } from "../bus.ts";
import type { BrokerNode } from "./broker-node.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isLeaderMoved, isRetryable, refusedError } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";
import { type Batch, PartitionOutbox } from "./partition-outbox.ts";

interface Parcel {
  readonly outbox: PartitionOutbox;
  readonly batch: Batch;
}

const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
/**
 * Requests under way to one broker. What comes meanwhile goes together with the next: more requests
 * would be smaller ones, which cost the brokers as much each. Durable records wait for replicas, and
 * a broker answers a link's requests in turn, so one is soon in the way of another.
 */
const REQUEST_NUMBERS: Readonly<Record<TopicKind, readonly number[]>> = {
  work: [0],
  compacted: [0],
  durable: [0, 1, 2],
};
const SWEEP_INTERVAL_MS = 50;
const RETRY_DELAY_MS = 50;
/**
 * Of all replicas in sync, for every kind: consumers see a record no earlier, so waiting for it costs
 * no time, and whoever asks for the end of the log finds everything that was accepted before.
 */
const ACKS_ALL = -1;

export class Publisher {
  readonly #cluster: Cluster;
  readonly #kind: TopicKind;
  readonly #outboxes = new Map<string, PartitionOutbox>();
  /** Those that hold something. */
  readonly #filled = new Set<PartitionOutbox>();
  /** Numbers of the requests under way per broker: each has its own link. */
  readonly #requests = new Map<BrokerNode, Set<number>>();
  readonly #unlisten: () => void;
  #bytes = 0;
  #isPumpScheduled = false;
  #sweeper: NodeJS.Timeout | undefined;
  #lastFailure = "no leader";

  constructor(cluster: Cluster, kind: TopicKind) {
    this.#cluster = cluster;
    this.#kind = kind;
    this.#unlisten = cluster.listen(() => this.#schedulePump());
  }

  /** Resolves when accepted; rejects with BUS_UNAVAILABLE, OVERLOADED or what the broker refused. */
  send(record: MessageRecord & { readonly partition: number }, bytes: number): Promise<void> {
    if (this.#bytes + bytes > QUEUE_BYTES_MAX) {
      const message = `${this.#bytes} bytes wait to be sent to Kafka; try again when some are gone`;
      return Promise.reject(new AppError("OVERLOADED", message));
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (error?: Error) => {
        if (isSettled) return;
        isSettled = true;
        this.#bytes -= bytes;
        if (error === undefined) resolve();
        else reject(error);
      };
      const deadlineMs = performance.now() + TIMES_MS.publish[this.#kind];
      const outbox = this.#outboxFor(record.topic, record.partition);
      outbox.add({ record, bytes, deadlineMs, settle });
      this.#filled.add(outbox);
      this.#schedulePump();
    });
  }

  /** Rejects what still waits. */
  close(): void {
    this.#unlisten();
    clearInterval(this.#sweeper);
    const closed = () => new AppError("BUS_UNAVAILABLE", "The bus connection is closed");
    for (const outbox of this.#filled) outbox.expire(Number.POSITIVE_INFINITY, closed);
    this.#filled.clear();
  }

  #outboxFor(topic: string, partition: number): PartitionOutbox {
    const key = `${topic}:${partition}`;
    const outbox = this.#outboxes.get(key) ?? new PartitionOutbox(topic, partition);
    this.#outboxes.set(key, outbox);
    return outbox;
  }

  /** What is published in the same turn of the event loop goes together. */
  #schedulePump(): void {
    if (this.#isPumpScheduled) return;
    this.#isPumpScheduled = true;
    setImmediate(() => {
      this.#isPumpScheduled = false;
      this.#pump();
    });
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS);
  }

  #pump(): void {
    const nowMs = performance.now();
    const parcels = new Map<BrokerNode, Parcel[]>();
    const bytes = new Map<BrokerNode, number>();
    for (const outbox of this.#filled) {
      if (!outbox.isReady(nowMs)) continue;
      const leader = this.#cluster.leaderOf(outbox.topic, outbox.partition);
      if (leader === undefined || this.#freeNumber(leader) === undefined) continue;
      const sum = bytes.get(leader) ?? 0;
      if (sum >= REQUEST_BYTES_MAX) continue;
      const batch = outbox.take();
      bytes.set(leader, sum + batch.bytes);
      const own = parcels.get(leader);
      if (own === undefined) parcels.set(leader, [{ outbox, batch }]);
      else own.push({ outbox, batch });
    }
    for (const [leader, own] of parcels) {
      const number = this.#freeNumber(leader);
      if (number !== undefined) void this.#produce(leader, number, own);
    }
  }

  #freeNumber(leader: BrokerNode): number | undefined {
    const taken = this.#requests.get(leader);
    return REQUEST_NUMBERS[this.#kind].find((number) => taken?.has(number) !== true);
  }

  async #produce(leader: BrokerNode, number: number, parcels: readonly Parcel[]): Promise<void> {
    const taken = this.#requests.get(leader) ?? new Set<number>();
    this.#requests.set(leader, taken.add(number));
    try {
      const errorIds = await this.#request(leader, number, parcels);
      for (const { outbox } of parcels) {
        this.#conclude(outbox, errorIds.get(`${outbox.topic}:${outbox.partition}`) ?? "NONE");
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      for (const { outbox } of parcels) this.#fail(outbox, error);
    } finally {
      taken.delete(number);
      if (taken.size === 0) this.#requests.delete(leader);
      this.#schedulePump();
    }
  }

  async #request(
    leader: BrokerNode,
    number: number,
    parcels: readonly Parcel[],
  ): Promise<ReadonlyMap<string, string>> {
    const records = parcels.flatMap(({ batch }) => batch.messages.map(({ record }) => record));
    // The broker's own limit is the shorter one: a request that it still answers is no dead broker.
    const response = await leader
      .link(`${this.#kind}-${number}`)
      .request(produceV9.api, ACKS_ALL, TIMES_MS.request, records, {});
    const answers = typeof response === "boolean" ? [] : response.responses;
    return new Map(
      answers.flatMap(({ name, partitionResponses }) =>
        partitionResponses.map(({ index, errorCode }) => [
          `${name}:${index}`,
          errorIdOf(errorCode),
        ]),
      ),
    );
  }

  #conclude(outbox: PartitionOutbox, errorId: string): void {
    if (errorId === "NONE") outbox.finish();
    else if (isRetryable(errorId)) this.#retry(outbox, errorId);
    else outbox.finish(refusedError(errorId, `take a message for ${outbox.topic}`));
    if (outbox.isEmpty) this.#filled.delete(outbox);
  }

  #fail(outbox: PartitionOutbox, error: AppError): void {
    if (error.isRetryable) this.#retry(outbox, error.message);
    else outbox.finish(error);
    if (outbox.isEmpty) this.#filled.delete(outbox);
  }

  #retry(outbox: PartitionOutbox, reason: string): void {
    this.#lastFailure = reason;
    if (isLeaderMoved(reason)) this.#cluster.markStale();
    outbox.postpone(performance.now() + RETRY_DELAY_MS);
  }

  /** Nothing waits for ever: not for a leader, and not for an answer. */
  #sweep(): void {
    const nowMs = performance.now();
    for (const outbox of this.#filled) {
      outbox.expire(nowMs, () => this.#timeoutError(outbox));
      if (outbox.isEmpty) this.#filled.delete(outbox);
    }
    if (this.#filled.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
      return;
    }
    this.#pump();
  }

  #timeoutError({ topic, partition }: PartitionOutbox): AppError {
    const timeoutMs = TIMES_MS.publish[this.#kind];
    const where = `partition ${partition} of ${topic}`;
    const message = `Kafka did not take a message for ${where} within ${timeoutMs} ms (${this.#lastFailure}); brokers: ${this.#cluster.addresses}`;
    return new AppError("BUS_UNAVAILABLE", message, { details: { topic, partition } });
  }
}
