/** Reads fixed partitions without a group. */
import type { ReadOptions, Subscription } from "../bus.ts";
import type { Partition } from "./partition.ts";
import { type ConsumerOutlets, PartitionConsumer } from "./partition-consumer.ts";

const DELIVERIES_MAX = 5;

export interface FixedSubscriptionOptions {
  readonly read: ReadOptions;
  readonly partitions: readonly Partition[];
  readonly outlets: Omit<ConsumerOutlets, "onProgress">;
  readonly closeTimeoutMs: number;
  readonly onClosed: () => void;
}

export class FixedSubscription implements Subscription {
  readonly #options: FixedSubscriptionOptions;
  readonly #consumers: PartitionConsumer[] = [];
  readonly #releases: (() => void)[] = [];
  #behind: number;
  #closing: Promise<void> | undefined;

  constructor(options: FixedSubscriptionOptions) {
    this.#options = options;
    this.#behind = options.partitions.length;
    for (const partition of options.partitions) this.#follow(partition);
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
    for (const consumer of this.#consumers) consumer.fence();
    for (const release of this.#releases) release();
  }

  async #end(): Promise<void> {
    const { closeTimeoutMs, onClosed } = this.#options;
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(closeTimeoutMs)));
    for (const release of this.#releases) release();
    onClosed();
  }

  #follow(partition: Partition): void {
    const { read, outlets } = this.#options;
    const endAtStart = partition.log.endOffset;
    let handledTo = read.from === "earliest" ? partition.log.startOffset : endAtStart;
    let isBehind = true;
    const policy = {
      group: "",
      handler: read.handler,
      concurrency: 1,
      deliveriesMax: DELIVERIES_MAX,
      isDurable: partition.kind === "durable",
    };
    const onProgress = (nextOffset: bigint) => {
      handledTo = nextOffset;
      partition.forgetHandled();
      if (!isBehind || nextOffset < endAtStart) return;
      isBehind = false;
      this.#behind -= 1;
      if (this.#behind === 0) read.onCaughtUp?.();
    };
    this.#releases.push(partition.hold(() => handledTo));
    const consumer = new PartitionConsumer(partition, handledTo, policy, {
      ...outlets,
      onProgress,
    });
    this.#consumers.push(consumer);
  }
}
