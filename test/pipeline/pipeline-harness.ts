/** A whole pipeline in one process: real bus, real dispatchers, real compute nodes with real ONNX sessions. */
import { createInProcessBroker, type InProcessBus } from "@segue/bus";
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
import { SONGS_PER_ARTIST_DEFAULT, type TrendingSong } from "@segue/domain";
import {
  type Checkpoint,
  createInferencePool,
  type InferencePool,
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
  readonly replicas: number;
  readonly dispatchers: number;
  readonly trending?: readonly TrendingSong[];
}

export interface Question {
  readonly songIds: readonly string[];
  readonly historySongIds?: readonly string[];
  readonly limit?: number;
  readonly songsPerArtistMax?: number;
  readonly requestId?: string;
  readonly modelVersion?: string;
  readonly timeoutMs?: number;
}

export interface Pipeline {
  readonly vocabulary: Vocabulary;
  readonly parts: readonly ModelPart[];
  ask(question: Question): Promise<RecommendReply>;
  startReplica(part: ModelPart, letter: string): Promise<void>;
  /** As a crash: nothing more is said, sent or committed. */
  killReplica(replica: string): Promise<void>;
  /** As an orderly stop. */
  closeReplica(replica: string): Promise<void>;
  killDispatcher(replica: string): void;
  close(): Promise<void>;
}

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const now = (): number => performance.timeOrigin + performance.now();

export const nameOf = (part: ModelPart, letter: string): string =>
  `stage-${part.stage}.${part.shard}-${letter}`;

export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { checkpoint, stages, shards } = options;
  const broker = createInProcessBroker();
  const parts = planPartition(checkpoint.manifest, { stages, shards });
  const vocabulary = await loadVocabulary(checkpoint);
  const client = broker.connect("client");
  await client.ensureTopics(pipelineTopics({ stageCount: stages, shardCount: shards }));

  const nodes = new Map<
    string,
    { readonly bus: InProcessBus; readonly node: ComputeNode; readonly pool: InferencePool }
  >();
  const dispatchers = new Map<
    string,
    { readonly bus: InProcessBus; readonly dispatcher: Dispatcher }
  >();

  const startReplica = async (part: ModelPart, letter: string): Promise<void> => {
    const replica = nameOf(part, letter);
    const bus = broker.connect(replica);
    const pool = await createInferencePool({ weights: await loadStageWeights(checkpoint, part) });
    const node = await createComputeNode({
      bus,
      part,
      replica,
      loadPools: async () => [await Promise.resolve(pool)],
      logger: SILENT,
      metrics: createMetrics({ process: false }),
      now,
      drainMs: 50,
    });
    nodes.set(replica, { bus, node, pool });
  };

  const startDispatcher = async (index: number): Promise<void> => {
    const replica = `dispatcher-${index}`;
    const bus = broker.connect(replica);
    const dispatcher = await createDispatcher({
      bus,
      replica,
      partialsPartition: index,
      models: {
        currentVersion: () => vocabulary.modelVersion,
        vocabularyFor: (version) => (version === vocabulary.modelVersion ? vocabulary : undefined),
      },
      trending: () => options.trending ?? [],
      logger: SILENT,
      metrics: createMetrics({ process: false }),
      now,
    });
    dispatchers.set(replica, { bus, dispatcher });
  };

  for (const part of parts) {
    for (let index = 0; index < options.replicas; index += 1) {
      await startReplica(part, String.fromCharCode(97 + index));
    }
  }
  for (let index = 0; index < options.dispatchers; index += 1) await startDispatcher(index);
  const asker = await startAsker(client);

  return {
    vocabulary,
    parts,
    ask: asker.ask,
    startReplica,
    async killReplica(replica) {
      const entry = nodes.get(replica);
      if (entry === undefined) throw new Error(`there is no replica ${replica}`);
      nodes.delete(replica);
      entry.bus.kill();
      await entry.pool.close();
    },
    async closeReplica(replica) {
      const entry = nodes.get(replica);
      if (entry === undefined) throw new Error(`there is no replica ${replica}`);
      nodes.delete(replica);
      await entry.node.close();
      await entry.bus.close();
    },
    killDispatcher(replica) {
      const entry = dispatchers.get(replica);
      if (entry === undefined) throw new Error(`there is no dispatcher ${replica}`);
      dispatchers.delete(replica);
      entry.bus.kill();
      void entry.dispatcher.close();
    },
    async close() {
      await Promise.all([...dispatchers.values()].map(({ dispatcher }) => dispatcher.close()));
      await Promise.all([...nodes.values()].map(({ node }) => node.close()));
      await client.close();
    },
  };
}

/** Asks as an API server does: over the bus, with its own reply partition. */
async function startAsker(bus: InProcessBus): Promise<Pick<Pipeline, "ask">> {
  const waiting = new Map<string, (reply: RecommendReply) => void>();
  const replyTo = { topic: TOPICS.replies, partition: 3 };
  let asked = 0;
  await bus.read({
    topic: replyTo.topic,
    partitions: [replyTo.partition],
    from: "latest",
    handler: async (record) => {
      const reply = fromBinary(RecommendReplySchema, record.value);
      waiting.get(reply.requestId)?.(reply);
      waiting.delete(reply.requestId);
      await Promise.resolve();
    },
  });
  return {
    async ask(question) {
      asked += 1;
      const requestId = question.requestId ?? `request-${asked}`;
      const timeoutMs = question.timeoutMs ?? 6_000;
      const { promise, resolve, reject } = Promise.withResolvers<RecommendReply>();
      waiting.set(requestId, resolve);
      const timer = setTimeout(
        () => reject(new Error(`${requestId} was not answered within ${timeoutMs} ms`)),
        timeoutMs,
      );
      const request = create(RecommendRequestSchema, {
        requestId,
        songIds: [...question.songIds],
        historySongIds: [...(question.historySongIds ?? [])],
        limit: question.limit ?? 20,
        songsPerArtistMax: question.songsPerArtistMax ?? SONGS_PER_ARTIST_DEFAULT,
        replyTo,
        deadlineMs: now() + timeoutMs,
        modelVersion: question.modelVersion ?? "",
      });
      await bus.publish(TOPICS.requests, {
        key: requestId,
        value: toBinary(RecommendRequestSchema, request),
      });
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
