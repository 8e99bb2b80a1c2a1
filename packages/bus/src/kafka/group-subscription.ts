/** One member of a consumer group on Kafka: the consumers of the partitions that it owns. */
import { setTimeout as pause } from "node:timers/promises";
import type { SubscribeOptions, Subscription, TopicKind } from "../bus.ts";
import type { DeliveryPolicy } from "../partition-delivery.ts";
import type { Cluster } from "./cluster.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { Fetcher } from "./fetcher.ts";
import { commitGroupOffsets, fetchGroupOffsets } from "./group-offsets.ts";
import { TIMES_MS } from "./kafka-options.ts";
import type { Membership, MembershipHost } from "./membership.ts";
import { type ConsumerOutlets, PartitionConsumer } from "./partition-consumer.ts";
import { keyOf, logRangeOf, offsetsOf, type PartitionName } from "./partition-offsets.ts";

export interface GroupSubscriptionOptions {
  readonly subscribe: SubscribeOptions;
  readonly cluster: Cluster;
  readonly fetcher: Fetcher;
  readonly protocol: "consumer" | "classic";
  readonly createMembership: (host: MembershipHost) => Membership;
  readonly kindOf: (topic: string) => Promise<TopicKind>;
  readonly outlets: Pick<ConsumerOutlets, "bury" | "now" | "logger">;
  readonly onClosed: () => void;
}

export class GroupSubscription implements Subscription, MembershipHost {
  readonly group: string;
  readonly topics: readonly string[];
  readonly #options: GroupSubscriptionOptions;
  readonly #membership: Membership;
  readonly #commits: CommitQueue;
  readonly #consumers = new Map<string, PartitionConsumer>();
  #endsAtJoining: ReadonlyMap<string, bigint> = new Map();
  /** Owned, but nobody can tell yet where they begin. */
  readonly #leaderless = new Map<string, PartitionName>();
  #isEnded = false;
  /** Counts the times that everything was lost at once. */
  #losses = 0;
  #closing: Promise<void> | undefined;

  constructor(options: GroupSubscriptionOptions) {
    const { subscribe, cluster, protocol, outlets } = options;
    this.#options = options;
    this.group = subscribe.group;
    this.topics = subscribe.topics;
    this.#membership = options.createMembership(this);
    this.#commits = new CommitQueue(
      (commits) =>
        commitGroupOffsets(cluster, this.group, this.#membership.identity, protocol, commits),
      outlets.logger,
    );
  }

  /** Resolves when the first assignment has been taken over. */
  async join(): Promise<void> {
    const { cluster, subscribe } = this.#options;
    if (subscribe.from === "latest") {
      // Before joining: the first assignment may lack partitions that come a moment later.
      const names = await this.#partitionsOf(this.topics);
      this.#endsAtJoining = await offsetsOf(cluster, names, "latest", TIMES_MS.leaderWait);
    }
    await this.#membership.join();
  }

  owned(): ReadonlyMap<string, readonly number[]> {
    return new Map(this.topics.map((topic) => [topic, this.#ownedOf(topic)]));
  }

  ownedPartitions(): readonly PartitionName[] {
    return [...this.#consumers.values(), ...this.#leaderless.values()];
  }

  async gain(partitions: readonly PartitionName[]): Promise<void> {
    if (partitions.length === 0) return;
    const losses = this.#losses;
    const starts = await this.#startOffsets(partitions);
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const kinds = new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await this.#options.kindOf(topic)] as const),
      ),
    );
    // Lost again, or at its end, while we asked.
    if (this.#isEnded || losses !== this.#losses) return;
    const gained = partitions.flatMap((name) => {
      const start = starts.get(keyOf(name));
      if (start === undefined || this.#consumers.has(keyOf(name))) return [];
      const consumer = this.#createConsumer(name, start, kinds.get(name.topic) ?? "work");
      this.#consumers.set(keyOf(name), consumer);
      return [consumer];
    });
    this.#tell(gained, "gained");
    for (const consumer of gained) this.#options.fetcher.add(consumer);
    const leaderless = partitions.filter((name) => !starts.has(keyOf(name)));
    if (leaderless.length > 0) this.#gainLater(leaderless);
  }

  /** They count as this member's, and begin when they have a leader to tell where. */
  #gainLater(partitions: readonly PartitionName[]): void {
    for (const name of partitions) this.#leaderless.set(keyOf(name), name);
    void pause(TIMES_MS.leaderWait, undefined, { ref: false }).then(async () => {
      const still = partitions.filter((name) => this.#leaderless.get(keyOf(name)) === name);
      for (const name of still) this.#leaderless.delete(keyOf(name));
      try {
        await this.gain(still);
      } catch {
        if (!this.#isEnded) this.#gainLater(still);
      }
    });
  }

  async giveUp(partitions: readonly PartitionName[]): Promise<void> {
    for (const name of partitions) this.#leaderless.delete(keyOf(name));
    if (partitions.length === 0) return;
    const consumers = partitions.flatMap((name) => this.#consumers.get(keyOf(name)) ?? []);
    for (const consumer of consumers) this.#options.fetcher.remove(consumer);
    await Promise.all(consumers.map((consumer) => consumer.stop(TIMES_MS.handlerEnd)));
    await this.#commits.flush(TIMES_MS.commitFlush);
    const lost = consumers.filter((consumer) => this.#consumers.get(keyOf(consumer)) === consumer);
    for (const consumer of lost) this.#consumers.delete(keyOf(consumer));
    this.#tell(lost, "lost");
  }

  loseAll(): void {
    this.#losses += 1;
    this.#leaderless.clear();
    const lost = [...this.#consumers.values()];
    this.#fence();
    this.#tell(lost, "lost");
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  /** Ends as a crash would: nothing more is committed and the group is not told. */
  kill(): void {
    this.#isEnded = true;
    this.#membership.abandon();
    this.#commits.close();
    this.#fence();
  }

  async #leave(): Promise<void> {
    this.#isEnded = true;
    await this.giveUp(this.ownedPartitions());
    await this.#membership.leave();
    this.#commits.close();
    this.#options.onClosed();
  }

  #fence(): void {
    for (const consumer of this.#consumers.values()) {
      this.#options.fetcher.remove(consumer);
      consumer.fence();
      this.#commits.forget(consumer);
    }
    this.#consumers.clear();
  }

  /**
   * Where each partition goes on. A partition that the group has never read gets its start written
   * down at once: only so does the next owner know whether it was there when the group began, and
   * `lag` what nobody has handled yet.
   */
  async #startOffsets(partitions: readonly PartitionName[]): Promise<Map<string, bigint>> {
    const { cluster, subscribe } = this.#options;
    const whole = await this.#partitionsOf(new Set(partitions.map(topicOf)));
    const known = await fetchGroupOffsets(cluster, this.group, whole);
    const topicsRead = new Set(whole.filter((name) => known.has(keyOf(name))).map(topicOf));
    const isNew = ({ topic }: PartitionName) => !topicsRead.has(topic);
    const unread = whole.filter((name) => !known.has(keyOf(name)));
    const fromLatest =
      subscribe.from === "latest"
        ? unread.filter((name) => isNew(name) && this.#endsAtJoining.has(keyOf(name)))
        : [];
    const gained = new Set(partitions.map(keyOf));
    const fromEarliest = unread.filter((name) => {
      return gained.has(keyOf(name)) && !fromLatest.includes(name);
    });
    const begins = await offsetsOf(cluster, fromEarliest, "earliest", TIMES_MS.leaderWait);
    for (const name of [...fromLatest, ...fromEarliest]) {
      const offset = this.#endsAtJoining.get(keyOf(name)) ?? begins.get(keyOf(name));
      if (offset === undefined) continue;
      known.set(keyOf(name), offset);
      this.#commits.add({ topic: name.topic, partition: name.partition, offset });
    }
    return known;
  }

  async #partitionsOf(topics: Iterable<string>): Promise<PartitionName[]> {
    const names: PartitionName[] = [];
    for (const topic of topics) {
      const { partitions } = await this.#options.cluster.topicFor(topic);
      names.push(...partitions.map((_, partition) => ({ topic, partition })));
    }
    return names;
  }

  #createConsumer(name: PartitionName, start: bigint, kind: TopicKind): PartitionConsumer {
    const { subscribe, cluster, fetcher, outlets } = this.#options;
    const policy: DeliveryPolicy = {
      group: subscribe.group,
      handler: subscribe.handler,
      concurrency: subscribe.concurrency ?? 1,
      deliveriesMax: subscribe.deliveriesMax ?? 5,
      isDurable: kind === "durable",
      onExpired: subscribe.onExpired,
    };
    const { topic, partition } = name;
    return new PartitionConsumer(name, start, policy, {
      ...outlets,
      gatherMs: subscribe.gatherMs ?? 0,
      onRoom: () => fetcher.wake(),
      onProgress: (offset) => this.#commits.add({ topic, partition, offset }),
      logRange: () => logRangeOf(cluster, name),
    });
  }

  #ownedOf(topic: string): number[] {
    const own = [...this.#consumers.values()].filter((consumer) => consumer.topic === topic);
    return own.map(({ partition }) => partition).toSorted((left, right) => left - right);
  }

  #tell(changed: readonly PartitionName[], what: "gained" | "lost"): void {
    for (const [topic, own] of Map.groupBy(changed, topicOf)) {
      const change = { gained: [], lost: [], [what]: own.map(({ partition }) => partition) };
      this.#options.subscribe.onOwnership?.({ topic, ...change, owned: this.#ownedOf(topic) });
    }
  }
}

function topicOf({ topic }: PartitionName): string {
  return topic;
}
