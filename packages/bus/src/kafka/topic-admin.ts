/** Creates topics, lets them grow, and checks that those there are as asked. */
import { setTimeout as pause } from "node:timers/promises";
import {
  ConfigResourceTypes,
  createPartitionsV3,
  createTopicsV7,
  describeConfigsV4,
} from "@platformatic/kafka";
import { AppError } from "@segue/errors";
import type { TopicKind, TopicSpec } from "../bus.ts";
import type { Cluster } from "./cluster.ts";
import type { TopicFacts } from "./cluster-metadata.ts";
import { errorIdOf, isRetryable, refusedError } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";
import { placementOf } from "./placement.ts";
import { KIND_SETTINGS, kindIn, settingsFor } from "./topic-settings.ts";

const RETRY_DELAY_MS = 100;
/** A broker went away meanwhile, or the cluster lets nobody choose. */
const PLACEMENT_REFUSED = new Set(["INVALID_REPLICA_ASSIGNMENT", "POLICY_VIOLATION"]);

export class TopicAdmin {
  readonly #cluster: Cluster;
  readonly #replication: Record<TopicKind, number>;
  readonly #kinds = new Map<string, TopicKind>();
  /** From then on the controller places the partitions. */
  #isPlacementRefused = false;

  constructor(cluster: Cluster, replication: Record<TopicKind, number>) {
    this.#cluster = cluster;
    this.#replication = replication;
  }

  async ensure(specs: readonly TopicSpec[]): Promise<void> {
    if (specs.length === 0) return;
    const created = await this.#create(specs);
    // Those that were there before may lack leaders for as long as a broker is away.
    const facts = await Promise.all(
      specs.map(({ name }) =>
        created.has(name)
          ? this.#visible(name)
          : this.#cluster.topicFor(name, TIMES_MS.topicCreation),
      ),
    );
    await this.#check(specs.filter(({ name }) => !created.has(name)));
    const small = specs.filter((spec, index) => {
      return (facts[index]?.partitions.length ?? 0) < spec.partitions;
    });
    if (small.length > 0) await this.#grow(small);
    for (const { name, kind } of specs) this.#kinds.set(name, kind);
  }

  knownKind(topic: string): TopicKind | undefined {
    return this.#kinds.get(topic);
  }

  async kindOf(topic: string): Promise<TopicKind> {
    const known = this.#kinds.get(topic);
    if (known !== undefined) return known;
    const kind = (await this.#describe([topic])).get(topic);
    if (kind === undefined) {
      throw new AppError(
        "CONFIG_INVALID",
        `Topic ${topic} does not exist; call ensureTopics first`,
      );
    }
    this.#kinds.set(topic, kind);
    return kind;
  }

  /** Names of the topics that were not there before. */
  async #create(specs: readonly TopicSpec[]): Promise<Set<string>> {
    const created = new Set<string>();
    let open = specs;
    const endMs = performance.now() + TIMES_MS.topicCreation;
    while (open.length > 0) {
      const requests = open.map((spec) => ({
        name: spec.name,
        ...this.#shapeOf(spec),
        configs: Object.entries(settingsFor(spec, this.#replication[spec.kind])).map(
          ([name, value]) => ({
            name,
            value,
          }),
        ),
      }));
      const response = await this.#cluster.requestAny(
        "admin",
        createTopicsV7.api,
        requests,
        TIMES_MS.request,
        false,
      );
      const again = new Set<string>();
      for (const { name, errorCode } of response.topics) {
        const errorId = errorIdOf(errorCode);
        if (errorId === "NONE") created.add(name);
        else if (isRetryable(errorId) && performance.now() < endMs) again.add(name);
        else if (PLACEMENT_REFUSED.has(errorId) && !this.#isPlacementRefused) {
          this.#isPlacementRefused = true;
          again.add(name);
        } else if (errorId === "INVALID_REPLICATION_FACTOR") throw this.#tooFewBrokers(open, name);
        else if (errorId !== "TOPIC_ALREADY_EXISTS") {
          throw refusedError(errorId, `create topic ${name}`);
        }
      }
      open = open.filter(({ name }) => again.has(name));
      if (open.length > 0) await pause(RETRY_DELAY_MS);
    }
    return created;
  }

  /** The controller's way of asking for a number of copies, or for named brokers; never both. */
  #shapeOf(spec: TopicSpec): {
    numPartitions: number;
    replicationFactor: number;
    assignments: { partitionIndex: number; brokerIds: number[] }[];
  } {
    const placed = this.#placementOf(spec, 0);
    if (placed === undefined) {
      const replicationFactor = this.#replication[spec.kind];
      return { numPartitions: spec.partitions, replicationFactor, assignments: [] };
    }
    const assignments = placed.map(({ brokerIds }, partitionIndex) => ({
      partitionIndex,
      brokerIds,
    }));
    return { numPartitions: -1, replicationFactor: -1, assignments };
  }

  /** Durable topics are left to the controller, which knows of racks. */
  #placementOf(spec: TopicSpec, from: number): { brokerIds: number[] }[] | undefined {
    if (spec.kind === "durable" || this.#isPlacementRefused) return undefined;
    const ids = this.#cluster.upNodes().map(({ id }) => id);
    const range = { from, to: spec.partitions };
    const placed = placementOf(spec.name, range, ids, this.#replication[spec.kind]);
    return placed?.map((brokerIds) => ({ brokerIds: [...brokerIds] }));
  }

  async #check(specs: readonly TopicSpec[]): Promise<void> {
    if (specs.length === 0) return;
    const kinds = await this.#describe(specs.map(({ name }) => name));
    for (const { name, kind } of specs) {
      const found = kinds.get(name);
      if (found !== undefined && found !== kind) {
        throw new AppError(
          "CONFIG_INVALID",
          `Topic ${name} is ${found}, not ${kind} (${KIND_SETTINGS.join(" and ")} tell it); correct its settings or use another name`,
        );
      }
      const { partitions } = await this.#cluster.topicFor(name);
      const replicas = Math.min(...partitions.map((partition) => partition.replicas));
      const wanted = this.#replication[kind];
      if (replicas < wanted) {
        throw new AppError(
          "CONFIG_INVALID",
          `Topic ${name} has ${replicas} replicas and ${wanted} are asked for; add some with kafka-reassign-partitions, or lower SEGUE_KAFKA_REPLICATION`,
        );
      }
    }
  }

  async #describe(names: readonly string[]): Promise<Map<string, TopicKind>> {
    const resources = names.map((resourceName) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName,
      configurationKeys: [...KIND_SETTINGS],
    }));
    for (const name of names) await this.#cluster.topicFor(name);
    const endMs = performance.now() + TIMES_MS.request;
    for (;;) {
      const { results } = await this.#cluster.requestAny(
        "admin",
        describeConfigsV4.api,
        resources,
        false,
        false,
      );
      const failed = results.find(({ errorCode }) => errorCode !== 0);
      const errorId = errorIdOf(failed?.errorCode ?? 0);
      // The broker asked may not have heard yet of a topic that another one created.
      if (failed !== undefined && isRetryable(errorId) && performance.now() < endMs) {
        await pause(RETRY_DELAY_MS);
        continue;
      }
      if (failed !== undefined) {
        throw refusedError(errorId, `tell the settings of topic ${failed.resourceName}`);
      }
      return new Map(
        results.map(({ resourceName, configs }) => [
          resourceName,
          kindIn(new Map(configs.map(({ name, value }) => [name, value ?? ""]))),
        ]),
      );
    }
  }

  async #grow(specs: readonly TopicSpec[]): Promise<void> {
    const requests = specs.map((spec) => ({
      name: spec.name,
      count: spec.partitions,
      // Null leaves the choice to the controller; an empty list is a wrong assignment.
      assignments:
        this.#placementOf(spec, this.#cluster.knownTopic(spec.name)?.partitions.length ?? 0) ??
        (null as unknown as []),
    }));
    const response = await this.#cluster.requestAny(
      "admin",
      createPartitionsV3.api,
      requests,
      TIMES_MS.request,
      false,
    );
    for (const { name, errorCode } of response.results) {
      const errorId = errorIdOf(errorCode);
      // Somebody else was faster: whether it is enough shows below.
      if (errorId === "NONE" || errorId === "INVALID_PARTITIONS" || isRetryable(errorId)) continue;
      if (PLACEMENT_REFUSED.has(errorId) && !this.#isPlacementRefused) {
        this.#isPlacementRefused = true;
        await this.#grow(specs);
        return;
      }
      throw refusedError(errorId, `add partitions to topic ${name}`);
    }
    for (const { name, partitions } of specs) await this.#visible(name, partitions);
  }

  /** The topic once the brokers tell of it with leaders for so many partitions. */
  async #visible(name: string, partitions = 1): Promise<TopicFacts> {
    const endMs = performance.now() + TIMES_MS.topicCreation;
    for (;;) {
      const facts = await this.#cluster.topicFor(name, TIMES_MS.topicCreation);
      const isLed = facts.partitions.every(({ leaderId }) => leaderId >= 0);
      if (facts.partitions.length >= partitions && isLed) return facts;
      if (performance.now() > endMs) {
        if (facts.partitions.length >= partitions) return facts;
        throw this.#cluster.unavailable(`topic ${name} did not get ${partitions} partitions`);
      }
      await pause(RETRY_DELAY_MS);
      await this.#cluster.refresh();
    }
  }

  #tooFewBrokers(specs: readonly TopicSpec[], name: string): AppError {
    const brokers = this.#cluster.upNodes().length;
    const wanted = this.#replication[specs.find((spec) => spec.name === name)?.kind ?? "durable"];
    return new AppError(
      "CONFIG_INVALID",
      `Topic ${name} is to have ${wanted} replicas and ${brokers} brokers are there; start more of them, or set SEGUE_KAFKA_REPLICATION=${brokers}`,
      { details: { brokers, replication: wanted } },
    );
  }
}
