/** Reads fixed partitions of Kafka without a group. */
import type { ReadOptions, Subscription, TopicKind } from "../bus.ts";
import type { Cluster } from "./cluster.ts";
import type { Fetcher } from "./fetcher.ts";
import { TIMES_MS } from "./kafka-options.ts";
import { type ConsumerOutlets, PartitionConsumer } from "./partition-consumer.ts";
import { keyOf, logRangeOf, offsetsOf } from "./partition-offsets.ts";

const DELIVERIES_MAX = 5;

export interface FixedSubscriptionOptions {
  readonly read: ReadOptions;
  readonly kind: TopicKind;
  readonly cluster: Cluster;
  readonly fetcher: Fetcher;
  readonly outlets: Pick<ConsumerOutlets, "bury" | "now" | "logger">;
  readonly onClosed: () => void;
}

export class FixedSubscription implements Subscription {
  readonly #options: FixedSubscriptionOptions;
  readonly #consumers: PartitionConsumer[] = [];
  #behind: number;
  #isEnded = false;
  #isCaughtUp = false;
  #closing: Promise<void> | undefined;

  private constructor(options: FixedSubscriptionOptions) {
    this.#options = options;
    this.#behind = options.read.partitions.length;
  }

  /**
   * Resolves when it is settled where reading starts. A partition without a leader is read from when
   * it has one; what it holds does not count as there at the start.
   */
  static async open(options: FixedSubscriptionOptions): Promise<FixedSubscription> {
    const { cluster, read } = options;
    const { topic } = read;
    const names = read.partitions.map((partition) => ({ topic, partition }));
    const waitMs = TIMES_MS.leaderWait;
    const ends = await offsetsOf(cluster, names, "latest", waitMs);
    const starts =
      read.from === "latest" ? ends : await offsetsOf(cluster, names, "earliest", waitMs);
    const subscription = new FixedSubscription(options);
    for (const name of names) {
      const [start, end] = [starts.get(keyOf(name)), ends.get(keyOf(name))];
      if (start !== undefined && end !== undefined) {
        subscription.#follow(name.partition, start, end);
      } else {
        subscription.#behind -= 1;
        void subscription.#followLater(name.partition);
      }
    }
    if (subscription.#behind === 0) setImmediate(() => subscription.#tellCaughtUp());
    return subscription;
  }

  owned(): ReadonlyMap<string, readonly number[]> {
    const { topic, partitions } = this.#options.read;
    return new Map([[topic, partitions.toSorted((left, right) => left - right)]]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  kill(): void {
    this.#isEnded = true;
    for (const consumer of this.#consumers) {
      this.#options.fetcher.remove(consumer);
      consumer.fence();
    }
  }

  async #end(): Promise<void> {
    this.#isEnded = true;
    for (const consumer of this.#consumers) this.#options.fetcher.remove(consumer);
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(TIMES_MS.handlerEnd)));
    this.#options.onClosed();
  }

  #tellCaughtUp(): void {
    if (this.#isCaughtUp || this.#isEnded) return;
    this.#isCaughtUp = true;
    this.#options.read.onCaughtUp?.();
  }

  async #followLater(partition: number): Promise<void> {
    const { cluster, read } = this.#options;
    for (;;) {
      const range = await logRangeOf(cluster, { topic: read.topic, partition }).catch(() => null);
      if (this.#isEnded || cluster.isClosed) return;
      if (range === null) continue;
      this.#behind += 1;
      this.#follow(partition, read.from === "latest" ? range.end : range.start, range.end);
      return;
    }
  }

  #follow(partition: number, start: bigint, endAtStart: bigint): void {
    const { read, kind, cluster, fetcher, outlets } = this.#options;
    const name = { topic: read.topic, partition };
    let isBehind = true;
    const onProgress = (nextOffset: bigint) => {
      if (!isBehind || nextOffset < endAtStart) return;
      isBehind = false;
      this.#behind -= 1;
      if (this.#behind === 0) this.#tellCaughtUp();
    };
    const policy = {
      group: "",
      handler: read.handler,
      concurrency: 1,
      deliveriesMax: DELIVERIES_MAX,
      isDurable: kind === "durable",
    };
    const consumer = new PartitionConsumer(name, start, policy, {
      ...outlets,
      gatherMs: read.gatherMs ?? 0,
      onRoom: () => fetcher.wake(),
      onProgress,
      logRange: () => logRangeOf(cluster, name),
    });
    this.#consumers.push(consumer);
    fetcher.add(consumer);
    // Later, so that the caller has the subscription before it hears of it.
    if (start >= endAtStart) setImmediate(() => onProgress(start));
  }
}
