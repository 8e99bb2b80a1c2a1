/**
 * The brokers as this process sees them: who answers, who leads which partition, who coordinates
 * which group. Everything that speaks to Kafka asks here where to send it.
 */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
  type API,
  apiVersionsV3,
  consumerGroupHeartbeatV0,
  findCoordinatorV4,
  metadataV12,
} from "@platformatic/kafka";
import { AppError, toAppError } from "@segue/errors";
import { SILENT } from "../bus-logger.ts";
import type { BrokerAddress, LinkSecurity } from "./broker-link.ts";
import { BrokerNode, type LinkPurpose } from "./broker-node.ts";
import { ClusterMetadata, type TopicFacts } from "./cluster-metadata.ts";
import { errorIdOf, refusedError } from "./kafka-error.ts";
import { type KafkaOptions, TIMES_MS } from "./kafka-options.ts";

const TICK_MS = 50;
const SWEEP_MS = 5_000;
/** So long a topic that another process just created may be unknown to the broker that is asked. */
const TOPIC_VISIBLE_MS = 1_000;

export class Cluster {
  readonly #options: KafkaOptions;
  readonly #security: LinkSecurity;
  readonly #seeds: readonly BrokerNode[];
  readonly #nodes = new Map<number, BrokerNode>();
  readonly #metadata = new ClusterMetadata();
  readonly #wanted = new Set<string>();
  readonly #coordinators = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #refreshing: Promise<void> | undefined;
  #refreshNext: Promise<void> | undefined;
  #refreshedAtMs = 0;
  #sweptAtMs = 0;
  #isStale = false;
  #turns = 0;
  #ticker: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: KafkaOptions) {
    this.#options = options;
    this.#security = securityOf(options);
    this.#seeds = options.brokers.map((broker) => this.#createNode(-1, addressOf(broker)));
  }

  /** Rejects with BUS_UNAVAILABLE naming the brokers tried, or CONFIG_INVALID. */
  async open(): Promise<void> {
    try {
      await this.refresh();
    } catch (thrown) {
      this.close();
      throw thrown;
    }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    for (const node of [...this.#seeds, ...this.#nodes.values()]) node.close();
    this.#listeners.clear();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** "host:port, host:port": for messages. */
  get addresses(): string {
    return this.#options.brokers.join(", ");
  }

  /** Called after leaders moved or a broker came or went. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  knownTopic(name: string): TopicFacts | undefined {
    return this.#metadata.topic(name);
  }

  knownTopics(): TopicFacts[] {
    return [...this.#metadata.topics()];
  }

  /** Name of the topic with this id, asked for among `candidates` where it is not known yet. */
  async topicNameOf(topicId: string, candidates: readonly string[]): Promise<string | undefined> {
    const known = this.#metadata.nameOf(topicId);
    if (known !== undefined) return known;
    for (const name of candidates) this.#wanted.add(name);
    await this.refresh();
    return this.#metadata.nameOf(topicId);
  }

  /** Throws CONFIG_INVALID for a topic that does not exist, also after `waitMs`. */
  async topicFor(name: string, waitMs = TOPIC_VISIBLE_MS): Promise<TopicFacts> {
    const known = this.#metadata.topic(name);
    if (known !== undefined) return known;
    this.#wanted.add(name);
    const endMs = performance.now() + waitMs;
    for (;;) {
      await this.refresh();
      const facts = this.#metadata.topic(name);
      if (facts !== undefined) return facts;
      if (performance.now() > endMs) break;
      await pause(TICK_MS);
    }
    this.#wanted.delete(name);
    throw new AppError("CONFIG_INVALID", `Topic ${name} does not exist; call ensureTopics first`);
  }

  /** The broker that leads the partition, if it is known and takes requests. */
  leaderOf(topic: string, partition: number): BrokerNode | undefined {
    const leaderId = this.#metadata.topic(topic)?.partitions[partition]?.leaderId;
    const node = leaderId === undefined ? undefined : this.#nodes.get(leaderId);
    return node?.isReachable === true ? node : undefined;
  }

  /** What is known of leaders turned out wrong. */
  markStale(): void {
    this.#isStale = true;
  }

  /** Asks for metadata after this call; calls at the same time share one request. */
  refresh(): Promise<void> {
    if (this.#refreshing === undefined) {
      this.#refreshing = this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
      return this.#refreshing;
    }
    this.#refreshNext ??= this.#refreshing
      .catch(() => {})
      .then(() => {
        this.#refreshNext = undefined;
        return this.refresh();
      });
    return this.#refreshNext;
  }

  /** Asks one broker after the other, those that answer first, until one does. */
  async requestAny<Arguments extends unknown[], Response>(
    purpose: LinkPurpose,
    api: API<Arguments, Response>,
    ...args: Arguments
  ): Promise<Response> {
    if (this.#isClosed) throw this.unavailable("the connection is closed");
    const reasons: string[] = [];
    for (const node of this.#candidates()) {
      try {
        return await node.link(purpose).request(api, ...args);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== "BUS_UNAVAILABLE") throw error;
        reasons.push(error.message);
      }
    }
    throw this.unavailable([...new Set(reasons)].join("; "));
  }

  unavailable(reason: string): AppError {
    const message = `No Kafka broker answers among ${this.addresses} (${reason}); start them or correct SEGUE_KAFKA_BROKERS`;
    return new AppError("BUS_UNAVAILABLE", message, {
      details: { brokers: this.#options.brokers },
    });
  }

  /** All brokers that answer now. */
  upNodes(): BrokerNode[] {
    return [...this.#nodes.values()].filter((node) => node.isUp);
  }

  /** Throws BUS_UNAVAILABLE while the group has no coordinator that answers. */
  async coordinatorOf(group: string): Promise<BrokerNode> {
    const known = this.#nodes.get(this.#coordinators.get(group) ?? -1);
    if (known?.isReachable === true) return known;
    const response = await this.requestAny("group", findCoordinatorV4.api, 0, [group]);
    const [coordinator] = response.coordinators;
    const errorId = errorIdOf(coordinator?.errorCode ?? 0);
    if (coordinator === undefined || errorId !== "NONE") {
      throw refusedError(errorId, `find the coordinator of group ${group}`);
    }
    if (!this.#nodes.has(coordinator.nodeId)) await this.refresh();
    const node = this.#nodes.get(coordinator.nodeId);
    if (node?.isReachable !== true) {
      throw this.unavailable(`the coordinator of group ${group} is away`);
    }
    this.#coordinators.set(group, node.id);
    return node;
  }

  /** Whether the brokers know the consumer group protocol of KIP-848 (Kafka 4.0 and later). */
  async hasConsumerGroups(): Promise<boolean> {
    const { apiKeys } = await this.requestAny("group", apiVersionsV3.api, "segue", "1");
    return apiKeys.some(({ apiKey }) => apiKey === consumerGroupHeartbeatV0.api.key);
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group);
  }

  #createNode(id: number, address: BrokerAddress): BrokerNode {
    return new BrokerNode({
      clientName: this.#options.clientName,
      id,
      address,
      security: this.#security,
      onHealth: (node) => this.#onHealth(node),
    });
  }

  #onHealth(node: BrokerNode): void {
    if (node.id < 0) return;
    const { logger = SILENT } = this.#options;
    const { host, port } = node.address;
    const fields = { broker: node.name, address: `${host}:${port}` };
    if (node.isUp) logger.info(fields, "bus.broker.up");
    else logger.warn(fields, "bus.broker.down");
    this.markStale();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const node of this.#nodes.values()) void node.probe(nowMs);
    if (nowMs - this.#sweptAtMs > SWEEP_MS) this.#closeUnusedLinks(nowMs);
    const isUnsettled = this.#isStale || this.#lacksLeader();
    const intervalMs = isUnsettled ? TIMES_MS.metadataIntervalUnsettled : TIMES_MS.metadataInterval;
    if (this.#refreshing !== undefined || nowMs - this.#refreshedAtMs < intervalMs) return;
    // Without an answer now there is one later: the tick asks again.
    this.refresh().catch(() => {});
  }

  #closeUnusedLinks(nowMs: number): void {
    this.#sweptAtMs = nowMs;
    for (const node of [...this.#seeds, ...this.#nodes.values()]) node.closeUnusedLinks(nowMs);
  }

  #lacksLeader(): boolean {
    for (const { name, partitions } of this.#metadata.topics()) {
      if (partitions.some((_, index) => this.leaderOf(name, index)?.isUp !== true)) return true;
    }
    return false;
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    try {
      const topics = [...this.#wanted];
      const response = await this.requestAny("probe", metadataV12.api, topics, false, false);
      this.#learnBrokers(response.brokers);
      if (this.#metadata.learn(response.topics)) this.#tell();
    } finally {
      this.#refreshedAtMs = performance.now();
    }
  }

  #learnBrokers(brokers: metadataV12.MetadataResponse["brokers"]): void {
    const ids = new Set(brokers.map(({ nodeId }) => nodeId));
    for (const { nodeId, host, port } of brokers) {
      const known = this.#nodes.get(nodeId);
      if (known?.address.host === host && known.address.port === port) continue;
      known?.close();
      this.#nodes.set(nodeId, this.#createNode(nodeId, { host, port }));
    }
    for (const [id, node] of this.#nodes) {
      // Gone for the cluster and for us: whoever still waits for its answer need not.
      if (ids.has(id) || node.isUp) continue;
      node.close();
      this.#nodes.delete(id);
    }
  }

  /** In turn, so that no broker has to answer for all; those that do not answer come last. */
  #candidates(): BrokerNode[] {
    const up = this.upNodes();
    this.#turns += 1;
    const first = up.length === 0 ? 0 : this.#turns % up.length;
    const others = [...this.#nodes.values()].filter((node) => !node.isUp);
    const inTurn = [...up.slice(first), ...up.slice(0, first)];
    return inTurn.length > 0 ? inTurn : [...others, ...this.#seeds];
  }
}

function addressOf(broker: string): BrokerAddress {
  const colon = broker.lastIndexOf(":");
  const host = broker.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const port = Number(broker.slice(colon + 1));
  if (colon > 0 && Number.isInteger(port) && port > 0 && port < 65_536) return { host, port };
  throw new AppError(
    "CONFIG_INVALID",
    `"${broker}" is no broker address; write SEGUE_KAFKA_BROKERS as host:port,host:port`,
  );
}

function securityOf({ tls, sasl }: KafkaOptions): LinkSecurity {
  return {
    ...(tls === undefined ? {} : { tls: certificatesOf(tls.caFile) }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

function certificatesOf(caFile: string | undefined): { readonly ca?: string } {
  if (caFile === undefined) return {};
  try {
    return { ca: readFileSync(caFile, "utf8") };
  } catch (cause) {
    const message = `The certificates in ${caFile} cannot be read; correct SEGUE_KAFKA_TLS_CA`;
    throw new AppError("CONFIG_INVALID", message, { cause });
  }
}
