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
  #closing: Promise<void> | undefined;

  private constructor(options: FixedSubscriptionOptions) {
    this.#options = options;
    this.#behind = options.read.partitions.length;
  }

  /** Resolves when it is settled where reading starts. */
  static async open(options: FixedSubscriptionOptions): Promise<FixedSubscription> {
    const { cluster, read } = options;
    const names = read.partitions.map((partition) => ({ topic: read.topic, partition }));
    const ends = await offsetsOf(cluster, names, "latest");
    const starts = read.from === "latest" ? ends : await offsetsOf(cluster, names, "earliest");
    const subscription = new FixedSubscription(options);
    for (const name of names) {
      const start = starts.get(keyOf(name)) ?? 0n;
      subscription.#follow(name.partition, start, ends.get(keyOf(name)) ?? start);
    }
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
    for (const consumer of this.#consumers) {
      this.#options.fetcher.remove(consumer);
      consumer.fence();
    }
  }

  async #end(): Promise<void> {
    for (const consumer of this.#consumers) this.#options.fetcher.remove(consumer);
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(TIMES_MS.handlerEnd)));
    this.#options.onClosed();
  }

  #follow(partition: number, start: bigint, endAtStart: bigint): void {
    const { read, kind, cluster, fetcher, outlets } = this.#options;
    const name = { topic: read.topic, partition };
    let isBehind = true;
    const onProgress = (nextOffset: bigint) => {
      if (!isBehind || nextOffset < endAtStart) return;
      isBehind = false;
      this.#behind -= 1;
      if (this.#behind === 0) read.onCaughtUp?.();
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
