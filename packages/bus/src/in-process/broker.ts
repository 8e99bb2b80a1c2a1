/** The topics and groups that the connected members of an in-process bus share. */
import { AppError } from "@segue/errors";
import type {
  BusMessage,
  PartitionLag,
  ReadOptions,
  SubscribeOptions,
  TopicKind,
  TopicSpec,
} from "../bus.ts";
import { type BusLogger, SILENT } from "../bus-logger.ts";
import { DEAD_LETTER_TOPIC, toDeadLetter } from "../dead-letter.ts";
import type { DurableLog } from "../durable-log.ts";
import { createMemoryDurableLog } from "../memory-durable-log.ts";
import { partitionFor } from "../partition-for.ts";
import { CompactedLog } from "./compacted-log.ts";
import { ConsumerGroup } from "./consumer-group.ts";
import { DurablePartitionLog, DurableWriter } from "./durable-partition-log.ts";
import { FixedSubscription } from "./fixed-subscription.ts";
import { GroupOffset } from "./group-offset.ts";
import { GroupSubscription } from "./group-subscription.ts";
import { Partition } from "./partition.ts";
import type { ConsumerOutlets } from "./partition-consumer.ts";
import type { PartitionLog } from "./partition-log.ts";
import { WorkLog, WorkMemory } from "./work-log.ts";

export interface BrokerOptions {
  /** Where durable topics live. Default: in memory, so they last as long as the broker. */
  readonly durableLog?: DurableLog;
  /** Unix time in milliseconds. Default Date.now. */
  readonly now?: () => number;
  readonly logger?: BusLogger;
  /** All work topics together hold at most this much unhandled. Default 256 MiB. */
  readonly workBytesMax?: number;
  /** So long a rebalance or a close waits for a handler before it abandons it. Default 10 s. */
  readonly rebalanceTimeoutMs?: number;
}

/** As Kafka's default `message.max.bytes`, so that what works embedded works in a cluster. */
const MESSAGE_BYTES_MAX = 1_048_576;

interface Topic {
  readonly kind: TopicKind;
  readonly partitions: Partition[];
}

export class Broker {
  readonly #log: DurableLog;
  readonly #writer: DurableWriter;
  readonly #now: () => number;
  readonly #logger: BusLogger;
  readonly #rebalanceTimeoutMs: number;
  readonly #workMemory: WorkMemory;
  readonly #topics = new Map<string, Topic>();
  readonly #groups = new Map<string, ConsumerGroup>();
  /** Changes of topics and groups wait for each other: each reads what the one before wrote. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: BrokerOptions = {}) {
    this.#log = options.durableLog ?? createMemoryDurableLog();
    this.#writer = new DurableWriter(this.#log);
    this.#now = options.now ?? Date.now;
    this.#logger = options.logger ?? SILENT;
    this.#rebalanceTimeoutMs = options.rebalanceTimeoutMs ?? 10_000;
    this.#workMemory = new WorkMemory(options.workBytesMax ?? 256 * 1024 * 1024);
  }

  ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    return this.#change(async () => {
      for (const spec of specs) await this.#ensureTopic(spec);
    });
  }

  partitionCount(topic: string): number {
    return this.#topicFor(topic).partitions.length;
  }

  async publish(topic: string, message: BusMessage): Promise<void> {
    const { partitions } = this.#topicFor(topic);
    const index = message.partition ?? partitionFor(message.key, partitions.length);
    const partition = partitionOf(topic, partitions, index);
    if (message.value.length > MESSAGE_BYTES_MAX) {
      throw new AppError(
        "PAYLOAD_TOO_LARGE",
        `A message to ${topic} has ${message.value.length} bytes; at most ${MESSAGE_BYTES_MAX} fit`,
      );
    }
    // A snapshot: the sender may use its buffer again at once.
    await partition.append({
      topic,
      partition: index,
      key: message.key,
      value: new Uint8Array(message.value),
      headers: Object.freeze({ ...message.headers }),
      timestampMs: this.#now(),
    });
  }

  subscribe(subscribe: SubscribeOptions, onClosed: () => void): Promise<GroupSubscription> {
    return this.#change(async () => {
      const group = this.#groups.get(subscribe.group) ?? new ConsumerGroup(subscribe.group);
      for (const topic of subscribe.topics) await this.#addShares(group, topic, subscribe.from);
      this.#groups.set(subscribe.group, group);
      const member = new GroupSubscription({
        group,
        subscribe,
        outlets: this.#outlets(),
        rebalanceTimeoutMs: this.#rebalanceTimeoutMs,
        onClosed,
      });
      group.join(member);
      return member;
    });
  }

  read(read: ReadOptions, onClosed: () => void): FixedSubscription {
    const { partitions } = this.#topicFor(read.topic);
    return new FixedSubscription({
      read,
      partitions: read.partitions.map((index) => partitionOf(read.topic, partitions, index)),
      outlets: this.#outlets(),
      closeTimeoutMs: this.#rebalanceTimeoutMs,
      onClosed,
    });
  }

  lag(): PartitionLag[] {
    return [...this.#groups.values()].flatMap((group) =>
      group.shares.map(({ partition, offset }) => ({
        topic: partition.topic,
        partition: partition.index,
        group: group.name,
        lag: offset.lag,
      })),
    );
  }

  async #change<Result>(change: () => Promise<Result>): Promise<Result> {
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => {});
    return changed;
  }

  async #ensureTopic(spec: TopicSpec): Promise<void> {
    const topic = this.#topics.get(spec.name) ?? { kind: spec.kind, partitions: [] };
    if (topic.kind !== spec.kind) {
      throw new AppError(
        "CONFIG_INVALID",
        `Topic ${spec.name} is ${topic.kind}, not ${spec.kind}; use another name`,
      );
    }
    while (topic.partitions.length < spec.partitions) {
      topic.partitions.push(await this.#openPartition(spec, topic.partitions.length));
    }
    this.#topics.set(spec.name, topic);
    for (const group of this.#groups.values()) {
      if (group.topics.includes(spec.name)) await this.#addShares(group, spec.name, "earliest");
    }
  }

  async #openPartition({ name, kind }: TopicSpec, index: number): Promise<Partition> {
    const holds = new Set<() => bigint>();
    const hasConsumers = () => holds.size > 0;
    const logs: Record<TopicKind, () => PartitionLog | Promise<PartitionLog>> = {
      work: () => new WorkLog(this.#workMemory, this.#now, hasConsumers),
      compacted: () => new CompactedLog(this.#now),
      durable: () =>
        DurablePartitionLog.open(this.#log, this.#writer, { topic: name, partition: index }),
    };
    return new Partition({ topic: name, index, kind }, await logs[kind](), holds);
  }

  /** Makes the partitions known to the group that it does not know yet. */
  async #addShares(
    group: ConsumerGroup,
    topic: string,
    from: SubscribeOptions["from"],
  ): Promise<void> {
    const known = group.partitionCount(topic);
    const added = this.#topicFor(topic).partitions.slice(known);
    const stored = { log: this.#log, logger: this.#logger };
    const open = (partition: Partition) =>
      GroupOffset.open(group.name, partition, from ?? "earliest", stored);
    const offsets = await Promise.all(added.map(open));
    const shares = offsets.map((offset, index) => {
      const partition = partitionOf(topic, added, index);
      return { partition, offset };
    });
    if (shares.length > 0) group.addShares(topic, shares);
  }

  #outlets(): Omit<ConsumerOutlets, "onProgress"> {
    return {
      bury: async (burial) => {
        await this.ensureTopics([DEAD_LETTER_TOPIC]);
        await this.publish(DEAD_LETTER_TOPIC.name, toDeadLetter(burial));
      },
      now: this.#now,
      logger: this.#logger,
    };
  }

  #topicFor(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic !== undefined) return topic;
    throw new AppError("CONFIG_INVALID", `Topic ${name} does not exist; call ensureTopics first`);
  }
}

function partitionOf(topic: string, partitions: readonly Partition[], index: number): Partition {
  const partition = partitions[index];
  if (partition !== undefined) return partition;
  throw new AppError(
    "REQUEST_INVALID",
    `Topic ${topic} has partitions 0 to ${partitions.length - 1}, not ${index}`,
  );
}
