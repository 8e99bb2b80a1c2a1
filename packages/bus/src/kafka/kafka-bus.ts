/** One process's connection to Kafka, as the bus that everything else knows. */
import { AppError, invariant } from "@segue/errors";
import type {
  Bus,
  BusMessage,
  PartitionLag,
  ReadOptions,
  SubscribeOptions,
  Subscription,
  TopicKind,
  TopicSpec,
} from "../bus.ts";
import { SILENT } from "../bus-logger.ts";
import { DEAD_LETTER_TOPIC, toDeadLetter } from "../dead-letter.ts";
import { partitionFor } from "../partition-for.ts";
import { ClassicMembership } from "./classic-membership.ts";
import { Cluster } from "./cluster.ts";
import { ConsumerMembership } from "./consumer-membership.ts";
import { Fetcher } from "./fetcher.ts";
import { FixedSubscription } from "./fixed-subscription.ts";
import { readLag } from "./group-lag.ts";
import { GroupSubscription } from "./group-subscription.ts";
import { type KafkaOptions, MESSAGE_BYTES_MAX } from "./kafka-options.ts";
import type { ConsumerOutlets } from "./partition-consumer.ts";
import { Publisher } from "./publisher.ts";
import { sizeOf, toKafkaRecord } from "./record-codec.ts";
import { TopicAdmin } from "./topic-admin.ts";

const MEMBERSHIPS = { consumer: ConsumerMembership, classic: ClassicMembership } as const;

interface KillableSubscription extends Subscription {
  kill(): void;
}

/**
 * Connects to the brokers. Rejects with BUS_UNAVAILABLE naming the brokers tried when none answers,
 * and with CONFIG_INVALID when the address, TLS or the credentials are wrong.
 */
export async function createKafkaBus(options: KafkaOptions): Promise<KafkaBus> {
  const cluster = new Cluster(options);
  await cluster.open();
  const hasConsumerGroups =
    options.groupProtocol === undefined && (await cluster.hasConsumerGroups());
  const protocol = options.groupProtocol ?? (hasConsumerGroups ? "consumer" : "classic");
  return new KafkaBus(options, cluster, protocol);
}

export class KafkaBus implements Bus {
  readonly #options: KafkaOptions;
  readonly #cluster: Cluster;
  readonly #protocol: "consumer" | "classic";
  readonly #admin: TopicAdmin;
  readonly #fetcher: Fetcher;
  readonly #publishers: Record<TopicKind, Publisher>;
  readonly #subscriptions = new Set<KillableSubscription>();
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: KafkaOptions, cluster: Cluster, protocol: "consumer" | "classic") {
    this.#options = options;
    this.#protocol = protocol;
    this.#cluster = cluster;
    const { replication, workReplication = 1 } = options;
    const replications = {
      work: workReplication,
      compacted: workReplication,
      durable: replication,
    };
    this.#admin = new TopicAdmin(cluster, replications);
    this.#fetcher = new Fetcher(cluster);
    this.#publishers = {
      work: new Publisher(cluster, "work"),
      compacted: new Publisher(cluster, "compacted"),
      durable: new Publisher(cluster, "durable"),
    };
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#assertOpen();
    await this.#admin.ensure(specs);
  }

  async partitionCount(topic: string): Promise<number> {
    this.#assertOpen();
    const { partitions } = await this.#cluster.topicFor(topic);
    return partitions.length;
  }

  leaderOf(topic: string, partition: number): string | undefined {
    const leader = this.#isClosed ? undefined : this.#cluster.leaderOf(topic, partition);
    return leader?.isUp === true ? leader.name : undefined;
  }

  async publish(topic: string, message: BusMessage): Promise<void> {
    this.#assertOpen();
    const bytes = sizeOf(message);
    if (bytes > MESSAGE_BYTES_MAX) throw tooLargeError(topic, bytes);
    // Asked only the first time: later calls keep the order in which they were made.
    const facts = this.#cluster.knownTopic(topic) ?? (await this.#cluster.topicFor(topic));
    const kind = this.#admin.knownKind(topic) ?? (await this.#admin.kindOf(topic));
    const partition = message.partition ?? partitionFor(message.key, facts.partitions.length);
    assertPartition(topic, partition, facts.partitions.length);
    const record = toKafkaRecord(topic, partition, kind, message);
    await this.#publishers[kind].send(record, bytes);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.#assertOpen();
    for (const topic of options.topics) await this.#cluster.topicFor(topic);
    const subscription = new GroupSubscription({
      subscribe: options,
      cluster: this.#cluster,
      fetcher: this.#fetcher,
      protocol: this.#protocol,
      createMembership: (host) =>
        new MEMBERSHIPS[this.#protocol](this.#cluster, host, this.#options.logger ?? SILENT),
      kindOf: (topic) => this.#admin.kindOf(topic),
      outlets: this.#outlets(),
      onClosed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    await subscription.join();
    this.#assertOpen();
    return subscription;
  }

  async read(options: ReadOptions): Promise<Subscription> {
    this.#assertOpen();
    const { topic } = options;
    const { partitions } = await this.#cluster.topicFor(topic);
    for (const partition of options.partitions) {
      assertPartition(topic, partition, partitions.length);
    }
    const kind: TopicKind = await this.#admin.kindOf(topic);
    const subscription = await FixedSubscription.open({
      read: options,
      kind,
      cluster: this.#cluster,
      fetcher: this.#fetcher,
      outlets: this.#outlets(),
      onClosed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    if (this.#isClosed) {
      await subscription.close();
      throw this.#closedError();
    }
    return subscription;
  }

  async lag(): Promise<readonly PartitionLag[]> {
    this.#assertOpen();
    return readLag(this.#cluster);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** Ends as a crash of the process would: nothing more is committed or sent, nobody is told. */
  kill(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.kill();
    this.#subscriptions.clear();
    this.#disconnect();
    this.#closing = Promise.resolve();
  }

  async #end(): Promise<void> {
    // Handlers under way may still publish: the connection closes behind them.
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#isClosed = true;
    this.#disconnect();
  }

  #disconnect(): void {
    this.#fetcher.close();
    for (const publisher of Object.values(this.#publishers)) publisher.close();
    this.#cluster.close();
  }

  #outlets(): Pick<ConsumerOutlets, "bury" | "now" | "logger"> {
    const { now = Date.now, logger = SILENT } = this.#options;
    return {
      bury: async (burial) => {
        if (this.#admin.knownKind(DEAD_LETTER_TOPIC.name) === undefined) {
          await this.ensureTopics([DEAD_LETTER_TOPIC]);
        }
        await this.publish(DEAD_LETTER_TOPIC.name, toDeadLetter(burial));
      },
      now,
      logger,
    };
  }

  #assertOpen(): void {
    if (this.#isClosed) throw this.#closedError();
  }

  #closedError(): AppError {
    const { clientName } = this.#options;
    return new AppError(
      "BUS_UNAVAILABLE",
      `The bus connection of ${clientName} is closed; connect again`,
    );
  }
}

function tooLargeError(topic: string, bytes: number): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `A message to ${topic} has ${bytes} bytes; at most ${MESSAGE_BYTES_MAX} fit`,
  );
}

function assertPartition(topic: string, partition: number, count: number): void {
  invariant(count > 0, `topic ${topic} has partitions`);
  if (Number.isInteger(partition) && partition >= 0 && partition < count) return;
  throw new AppError(
    "REQUEST_INVALID",
    `Topic ${topic} has partitions 0 to ${count - 1}, not ${partition}`,
  );
}
