/** One member of a consumer group: the consumers of the partitions that it owns. */
import type { SubscribeOptions, Subscription } from "../bus.ts";
import type { DeliveryPolicy } from "../partition-delivery.ts";
import type { ConsumerGroup, GroupMember, PartitionShare } from "./consumer-group.ts";
import { type ConsumerOutlets, PartitionConsumer } from "./partition-consumer.ts";

export interface GroupSubscriptionOptions {
  readonly group: ConsumerGroup;
  readonly subscribe: SubscribeOptions;
  readonly outlets: Omit<ConsumerOutlets, "onProgress">;
  /** A handler that takes longer to finish loses its partition in a rebalance. */
  readonly rebalanceTimeoutMs: number;
  readonly onClosed: () => void;
}

export class GroupSubscription implements Subscription, GroupMember {
  readonly topics: readonly string[];
  readonly #options: GroupSubscriptionOptions;
  readonly #policy: Omit<DeliveryPolicy, "isDurable">;
  readonly #consumers = new Map<PartitionShare["partition"], PartitionConsumer>();
  #isDead = false;
  #closing: Promise<void> | undefined;

  constructor(options: GroupSubscriptionOptions) {
    const { subscribe } = options;
    this.#options = options;
    this.topics = subscribe.topics;
    this.#policy = {
      group: subscribe.group,
      handler: subscribe.handler,
      concurrency: subscribe.concurrency ?? 1,
      deliveriesMax: subscribe.deliveriesMax ?? 5,
      onExpired: subscribe.onExpired,
    };
  }

  owned(): ReadonlyMap<string, readonly number[]> {
    return new Map(this.topics.map((topic) => [topic, this.#ownedOf(topic)]));
  }

  take(shares: readonly PartitionShare[]): void {
    for (const { partition, offset } of shares) {
      const policy = { ...this.#policy, isDurable: partition.kind === "durable" };
      const consumer = new PartitionConsumer(partition, offset.committed, policy, {
        ...this.#options.outlets,
        onProgress: (nextOffset) => offset.commit(nextOffset),
      });
      this.#consumers.set(partition, consumer);
    }
    const byTopic = Map.groupBy(shares, ({ partition }) => partition.topic);
    for (const [topic, gained] of byTopic) {
      this.#tell(topic, { gained: gained.map(({ partition }) => partition.index), lost: [] });
    }
  }

  async giveUp({ partition, offset }: PartitionShare): Promise<void> {
    await this.#consumers.get(partition)?.stop(this.#options.rebalanceTimeoutMs);
    await offset.flush();
    if (this.#isDead) return;
    this.#consumers.delete(partition);
    this.#tell(partition.topic, { gained: [], lost: [partition.index] });
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  /** Ends as a crash would: nothing more is committed and the group is not told why. */
  kill(): void {
    this.#isDead = true;
    for (const consumer of this.#consumers.values()) consumer.fence();
    this.#consumers.clear();
    this.#options.group.drop(this);
  }

  async #leave(): Promise<void> {
    await this.#options.group.leave(this);
    this.#options.onClosed();
  }

  #ownedOf(topic: string): number[] {
    const partitions = [...this.#consumers.keys()].filter((owned) => owned.topic === topic);
    return partitions.map(({ index }) => index).toSorted((left, right) => left - right);
  }

  #tell(topic: string, change: { gained: number[]; lost: number[] }): void {
    this.#options.subscribe.onOwnership?.({ topic, ...change, owned: this.#ownedOf(topic) });
  }
}
