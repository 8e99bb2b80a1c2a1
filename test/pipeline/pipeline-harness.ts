/** A whole pipeline in one process: real bus, real dispatchers, real compute nodes with real ONNX sessions. */
import {
  type Bus,
  type BusRecord,
  createInProcessBroker,
  type InProcessBroker,
  type InProcessBus,
  lifeHeader,
} from "@segue/bus";
import { type ComputeNode, createComputeNode } from "@segue/compute";
import {
  create,
  fromBinary,
  pipelineTopics,
  type RecommendReply,
  RecommendReplySchema,
  RecommendRequestSchema,
  TOPICS,
  toBinary,
} from "@segue/contracts";
import { createDispatcher, type Dispatcher } from "@segue/dispatcher";
import { SONGS_PER_ARTIST_DEFAULT } from "@segue/domain";
import {
  type Checkpoint,
  createInferencePool,
  loadStageWeights,
  loadVocabulary,
  type ModelPart,
  planPartition,
  type Vocabulary,
} from "@segue/model";
import { createMetrics } from "@segue/telemetry";

export interface PipelineOptions {
  readonly checkpoint: Checkpoint;
  readonly stages: number;
  readonly shards: number;
  /** Of every part. */
  readonly replicas: 1 | 2;
  readonly dispatchers: number;
  /** How far the clock of each process is ahead; of those that are not here it is right. */
  readonly clockOffsetsMs?: Readonly<Record<string, number>>;
}

export interface Question {
  readonly songIds: readonly string[];
  readonly historySongIds?: readonly string[];
  readonly limit?: number;
  readonly songsPerArtistMax?: number;
  readonly requestId?: string;
  readonly modelVersion?: string;
}

const DEADLINE_MS = 6_000;
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const now = (): number => performance.timeOrigin + performance.now();

interface RunningNode {
  readonly bus: InProcessBus;
  readonly node: ComputeNode;
  readonly freeze: () => void;
  readonly thaw: () => void;
}

interface RunningDispatcher {
  readonly bus: InProcessBus;
  readonly dispatcher: Dispatcher;
}

export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { checkpoint, stages, shards } = options;
  const broker = createInProcessBroker();
  const client = broker.connect("client");
  await client.ensureTopics(pipelineTopics({ stageCount: stages, shardCount: shards }));
  const vocabulary = await loadVocabulary(checkpoint);
  const pipeline = new Pipeline(options, broker, client, vocabulary);
  await pipeline.restoreMissing();
  await pipeline.listen();
  return pipeline;
}

export class Pipeline {
  readonly vocabulary: Vocabulary;
  readonly #options: PipelineOptions;
  readonly #broker: InProcessBroker;
  readonly #asker: Asker;
  readonly #client: InProcessBus;
  readonly #nodes = new Map<string, RunningNode>();
  readonly #dispatchers = new Map<string, RunningDispatcher>();

  constructor(
    options: PipelineOptions,
    broker: InProcessBroker,
    client: InProcessBus,
    vocabulary: Vocabulary,
  ) {
    this.vocabulary = vocabulary;
    this.#options = options;
    this.#broker = broker;
    this.#client = client;
    this.#asker = new Asker(client);
  }

  listen(): Promise<void> {
    return this.#asker.listen();
  }

  ask(question: Question): Promise<RecommendReply> {
    return this.#asker.ask(question);
  }

  /** Starts what is not running, at first or after deaths. Replicas are named like `stage-2.0-a`. */
  async restoreMissing(): Promise<void> {
    const { checkpoint, stages, shards, replicas, dispatchers } = this.#options;
    for (const part of planPartition(checkpoint.manifest, { stages, shards })) {
      for (const letter of Array.from("ab").slice(0, replicas)) {
        const replica = `stage-${part.stage}.${part.shard}-${letter}`;
        if (!this.#nodes.has(replica)) await this.#startNode(replica, part);
      }
    }
    for (let index = 0; index < dispatchers; index += 1) {
      const replica = `dispatcher-${index}`;
      if (!this.#dispatchers.has(replica)) await this.#startDispatcher(replica, index + 1);
    }
  }

  /** As a crash: nothing more is said, sent or committed. */
  async killReplica(replica: string): Promise<void> {
    const { bus, node, thaw } = this.#takeNode(replica);
    bus.kill();
    thaw();
    await node.close();
  }

  /** As a process that hangs over its next work: it says and finishes nothing, but keeps its partitions. */
  freezeReplica(replica: string): void {
    this.#nodes.get(replica)?.freeze();
  }

  /** As an orderly stop. */
  async closeReplica(replica: string): Promise<void> {
    const { bus, node } = this.#takeNode(replica);
    await node.close();
    await bus.close();
  }

  /** As a crash. */
  killDispatcher(replica: string): void {
    const running = this.#dispatchers.get(replica);
    if (running === undefined) throw new Error(`there is no dispatcher ${replica}`);
    this.#dispatchers.delete(replica);
    running.bus.kill();
    void running.dispatcher.close();
  }

  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    await Promise.all(dispatchers.map(({ dispatcher }) => dispatcher.close()));
    await Promise.all([...this.#nodes.values()].map(({ node }) => node.close()));
    await this.#client.close();
  }

  /** A bus between hosts tells each process the times of records by that process's clock. */
  #clockOf(process: string) {
    const offsetMs = this.#options.clockOffsetsMs?.[process] ?? 0;
    return {
      now: () => now() + offsetMs,
      toOwnTime: (record: BusRecord): BusRecord => {
        return { ...record, timestampMs: record.timestampMs + offsetMs };
      },
    };
  }

  #takeNode(replica: string): RunningNode {
    const running = this.#nodes.get(replica);
    if (running === undefined) throw new Error(`there is no replica ${replica}`);
    this.#nodes.delete(replica);
    return running;
  }

  async #startNode(replica: string, part: ModelPart): Promise<void> {
    const bus = this.#broker.connect(replica);
    const { now, toOwnTime } = this.#clockOf(replica);
    const freezable = freezableBus(bus, toOwnTime);
    const weights = await loadStageWeights(this.#options.checkpoint, part);
    const node = await createComputeNode({
      bus: freezable.bus,
      part,
      replica,
      loadPools: async () => [await createInferencePool({ weights, now })],
      logger: SILENT,
      metrics: createMetrics({ process: false }),
      now,
      drainMs: 50,
    });
    const { freeze, thaw } = freezable;
    this.#nodes.set(replica, { bus, node, freeze, thaw });
  }

  async #startDispatcher(replica: string, instance: number): Promise<void> {
    const bus = this.#broker.connect(replica);
    const { vocabulary } = this;
    const { now, toOwnTime } = this.#clockOf(replica);
    const dispatcher = await createDispatcher({
      bus: freezableBus(bus, toOwnTime).bus,
      replica,
      instance,
      models: {
        currentVersion: () => vocabulary.modelVersion,
        vocabularyFor: (version) => (version === vocabulary.modelVersion ? vocabulary : undefined),
      },
      trending: () => [],
      logger: SILENT,
      metrics: createMetrics({ process: false }),
      now,
    });
    this.#dispatchers.set(replica, { bus, dispatcher });
  }
}

/**
 * Whoever publishes through it waits, from the next record that it hands over until it thaws. So
 * there is always work that hangs: on a slow machine its silence alone could be noticed first.
 */
function freezableBus(
  bus: InProcessBus,
  toOwnTime: (record: BusRecord) => BusRecord,
): { readonly bus: Bus; freeze(): void; thaw(): void } {
  let gate = Promise.resolve();
  let open = (): void => {};
  let willFreeze = false;
  const freezeIfAsked = (): void => {
    if (!willFreeze) return;
    willFreeze = false;
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };
  return {
    bus: {
      publish: async (topic, message) => {
        await gate;
        await bus.publish(topic, message);
      },
      ensureTopics: (specs) => bus.ensureTopics(specs),
      partitionCount: (topic) => bus.partitionCount(topic),
      leaderOf: () => bus.leaderOf(),
      subscribe: (options) =>
        bus.subscribe({
          ...options,
          handler: (record, signal) => {
            freezeIfAsked();
            return options.handler(toOwnTime(record), signal);
          },
        }),
      read: (options) =>
        bus.read({
          ...options,
          handler: (record, signal) => options.handler(toOwnTime(record), signal),
        }),
      lag: () => bus.lag(),
      close: () => bus.close(),
    },
    freeze: () => {
      willFreeze = true;
    },
    thaw: () => {
      willFreeze = false;
      open();
    },
  };
}

/** Asks as an API server does: over the bus, with its own reply partition. */
class Asker {
  readonly #bus: InProcessBus;
  readonly #waiting = new Map<string, (reply: RecommendReply) => void>();
  readonly #replyTo = { topic: TOPICS.replies, partition: 3 };
  #asked = 0;

  constructor(bus: InProcessBus) {
    this.#bus = bus;
  }

  async listen(): Promise<void> {
    await this.#bus.read({
      topic: this.#replyTo.topic,
      partitions: [this.#replyTo.partition],
      from: "latest",
      handler: async (record) => {
        const reply = fromBinary(RecommendReplySchema, record.value);
        this.#waiting.get(reply.requestId)?.(reply);
        this.#waiting.delete(reply.requestId);
        await Promise.resolve();
      },
    });
  }

  /** Rejects when there is no reply by the deadline. */
  async ask(question: Question): Promise<RecommendReply> {
    this.#asked += 1;
    const requestId = question.requestId ?? `request-${this.#asked}`;
    const { promise, resolve, reject } = Promise.withResolvers<RecommendReply>();
    this.#waiting.set(requestId, resolve);
    const timer = setTimeout(
      () => reject(new Error(`${requestId} was not answered by its deadline`)),
      DEADLINE_MS,
    );
    const request = create(RecommendRequestSchema, {
      requestId,
      songIds: [...question.songIds],
      historySongIds: [...(question.historySongIds ?? [])],
      limit: question.limit ?? 20,
      songsPerArtistMax: question.songsPerArtistMax ?? SONGS_PER_ARTIST_DEFAULT,
      replyTo: this.#replyTo,
      modelVersion: question.modelVersion ?? "",
    });
    await this.#bus.publish(TOPICS.requests, {
      key: requestId,
      value: toBinary(RecommendRequestSchema, request),
      headers: lifeHeader(DEADLINE_MS),
    });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
