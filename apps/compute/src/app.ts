/**
 * A compute node: takes the tasks of one part of the model from its topic, runs them in worker
 * threads, and passes the result to the next stage or back to the dispatcher. Several nodes of one
 * part share its partitions and say by heartbeat which are theirs.
 */
import {
  type Bus,
  type BusRecord,
  type HeartbeatFields,
  lifeLeftMs,
  type ProcessAbout,
  type Subscription,
  startHeartbeats,
} from "@segue/bus";
import { type StageTask, stageTopic } from "@segue/contracts";
import { AppError, toAppError } from "@segue/errors";
import type { InferencePool, ModelPart } from "@segue/model";
import type { Logger, Metrics } from "@segue/telemetry";
import {
  decodeStageTask,
  nextTask,
  toFailedPartial,
  toHop,
  toPartial,
  toStageInput,
} from "./stage-messages.ts";
import { publishNext, publishPartial, type RouteTo, routeOf } from "./task-outlets.ts";

export type ComputeLogger = Pick<Logger, "info" | "warn" | "error">;
export type ComputeMetrics = Pick<
  Metrics,
  "observeInference" | "observeQueueWait" | "setQueueDepth" | "countExpired"
>;

export interface ComputeDependencies {
  readonly bus: Bus;
  readonly part: ModelPart;
  /** Its name in routes, receipts and heartbeats; unique among living processes. */
  readonly replica: string;
  readonly about?: ProcessAbout;
  /** One pool for each model version served, warmed up. The node closes them. */
  readonly loadPools: () => Promise<readonly InferencePool[]>;
  readonly logger: ComputeLogger;
  readonly metrics: ComputeMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Tasks of one partition in work at the same time; what micro-batches are made of. Default 16. */
  readonly concurrency?: number;
  readonly heartbeatIntervalMs?: number;
  /** Between saying that it drains and leaving, so that tasks on their way still arrive. Default 400. */
  readonly drainMs?: number;
}

export interface ComputeNode {
  readonly replica: string;
  /** Serves tasks: loaded, warmed up and not closing. */
  isReady(): boolean;
  /** Finishes what it has, says farewell. Its partitions go to other nodes of the same part. */
  close(): Promise<void>;
}

/** Resolves when the node serves. Rejects when its model cannot be loaded. */
export async function createComputeNode(dependencies: ComputeDependencies): Promise<ComputeNode> {
  const node = new Node(dependencies);
  await node.start();
  return node;
}

const CONCURRENCY = 16;
const DRAIN_MS = 400;

class Node implements ComputeNode {
  readonly replica: string;
  readonly #dependencies: ComputeDependencies;
  readonly #topic: string;
  readonly #startedAtMs: number;
  readonly #pools = new Map<string, InferencePool>();
  #heartbeats: ReturnType<typeof startHeartbeats> | undefined;
  #subscription: Subscription | undefined;
  #owned: readonly number[] = [];
  #inHand = 0;
  #isDraining = false;

  constructor(dependencies: ComputeDependencies) {
    const { part, replica, now } = dependencies;
    this.replica = replica;
    this.#dependencies = dependencies;
    this.#topic = stageTopic(part.stage, part.shard, part.shardCount);
    this.#startedAtMs = now();
  }

  async start(): Promise<void> {
    const { bus, part, now, loadPools, logger, about } = this.#dependencies;
    this.#heartbeats = startHeartbeats({
      bus,
      replica: this.replica,
      ...(about === undefined ? {} : { about }),
      describe: () => this.#describe(),
      now,
      intervalMs: this.#dependencies.heartbeatIntervalMs ?? 200,
      onError: (error) => logger.warn({ replica: this.replica, error }, "heartbeat.failed"),
    });
    try {
      for (const pool of await loadPools()) this.#pools.set(pool.modelVersion, pool);
      this.#subscription = await bus.subscribe({
        group: `compute.${this.#topic}`,
        topics: [this.#topic],
        concurrency: this.#dependencies.concurrency ?? CONCURRENCY,
        handler: (record) => this.#onTask(record),
        onOwnership: ({ owned }) => {
          this.#owned = owned;
          void this.#heartbeats?.beat();
        },
        onExpired: () => this.#dependencies.metrics.countExpired(this.#topic),
      });
    } catch (error) {
      await this.close();
      throw error;
    }
    await this.#heartbeats.beat();
    const versions = [...this.#pools.keys()];
    logger.info({ replica: this.replica, part, versions, owned: this.#owned }, "compute.ready");
  }

  isReady(): boolean {
    return this.#subscription !== undefined && !this.#isDraining;
  }

  async close(): Promise<void> {
    if (this.#isDraining) return;
    const wasReady = this.isReady();
    this.#isDraining = true;
    // Not awaited: a bus that is away must not hold up the end.
    void this.#heartbeats?.beat();
    if (wasReady) await this.#awaitTasksOnTheirWay();
    await this.#subscription?.close();
    await this.#heartbeats?.close();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.#dependencies.logger.info({ replica: this.replica }, "compute.closed");
  }

  async #awaitTasksOnTheirWay(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, this.#dependencies.drainMs ?? DRAIN_MS);
    await promise;
  }

  #describe(): HeartbeatFields {
    const { part } = this.#dependencies;
    const pools = [...this.#pools.values()];
    const inFlight = pools.reduce((sum, pool) => sum + pool.inFlight, 0);
    const queueDepth = Math.max(0, this.#inHand - inFlight);
    this.#dependencies.metrics.setQueueDepth(this.replica, queueDepth);
    return {
      role: "compute",
      stage: part.stage,
      stageCount: part.stageCount,
      layerFirst: part.layerFirst,
      layerLast: part.layerLast,
      shard: part.shard,
      shardCount: part.shardCount,
      modelVersions: [...this.#pools.keys()],
      topic: this.#topic,
      ownedPartitions: [...this.#owned],
      queueDepth,
      inFlight,
      ready: this.isReady(),
      draining: this.#isDraining,
      startedAtMs: this.#startedAtMs,
    };
  }

  /** Resolves when the outcome is on the bus: only then is the task's offset committed. */
  async #onTask(record: BusRecord): Promise<void> {
    const task = decodeStageTask(record.value);
    const route = routeOf(task);
    this.#inHand += 1;
    try {
      await this.#runTask(task, route, record);
    } catch (thrown) {
      const error = toAppError(thrown);
      // Too late for anybody: the dispatcher has given this attempt up.
      if (error.code === "DEADLINE_EXCEEDED") {
        this.#dependencies.metrics.countExpired(this.#topic);
        return;
      }
      // The bus itself failed: there is nobody to tell, and the task will be delivered again.
      if (error.code === "BUS_UNAVAILABLE") throw error;
      const { requestId, attempt } = task;
      this.#dependencies.logger.warn(
        { requestId, attempt, replica: this.replica, code: error.code, error },
        "task.failed",
      );
      const partial = toFailedPartial(task, this.replica, error);
      await publishPartial(this.#dependencies.bus, route, partial, record);
    } finally {
      this.#inHand -= 1;
    }
  }

  async #runTask(task: StageTask, route: RouteTo, record: BusRecord): Promise<void> {
    const { bus, part, now, metrics } = this.#dependencies;
    const pool = this.#poolFor(task);
    const arrivedAtMs = now();
    const { output, queueMs, computeMs, batchSize } = await pool.run(toStageInput(task), {
      deadlineMs: arrivedAtMs + lifeLeftMs(record, arrivedAtMs),
    });
    const waitedMs = Math.max(0, arrivedAtMs - record.timestampMs) + queueMs;
    metrics.observeInference(part.stage, part.shard, computeMs / 1_000, batchSize);
    metrics.observeQueueWait("compute", waitedMs / 1_000);
    const hop = toHop(task, part, this.replica, {
      queueMs: waitedMs,
      computeMs,
      startedAtMs: arrivedAtMs + queueMs,
    });
    if (output.kind === "scored") {
      const partial = toPartial(task, this.replica, output.scored, hop);
      await publishPartial(bus, route, partial, record);
    } else {
      await publishNext(
        bus,
        route,
        nextTask(task, output.activations, hop),
        record,
        lifeLeftMs(record, now()),
      );
    }
  }

  #poolFor(task: StageTask): InferencePool {
    const { part } = this.#dependencies;
    const pool = this.#pools.get(task.modelVersion);
    const asked = task.route?.targets.find(
      ({ stage, shard }) => stage === task.stage && shard === task.shard,
    );
    if (pool !== undefined && asked !== undefined && isSamePart(asked, part)) return pool;
    const served = [...this.#pools.keys()].join(", ");
    const wanted = asked === undefined ? `stage ${task.stage}` : nameOf(asked);
    throw new AppError(
      "MODEL_NOT_LOADED",
      `${this.replica} serves ${nameOf(part)} of ${served}, ` +
        `not ${wanted} of ${task.modelVersion}; plan the route again`,
    );
  }
}

type NamedPart = Pick<ModelPart, "stage" | "layerFirst" | "layerLast" | "shard" | "shardCount">;

/** Stages of two cuts may share a number, and so a topic. */
function isSamePart(asked: NamedPart, own: NamedPart): boolean {
  return (
    asked.stage === own.stage &&
    asked.layerFirst === own.layerFirst &&
    asked.layerLast === own.layerLast &&
    asked.shard === own.shard &&
    asked.shardCount === own.shardCount
  );
}

function nameOf({ stage, layerFirst, layerLast, shard, shardCount }: NamedPart): string {
  const layers = `stage ${stage} (layers ${layerFirst}-${layerLast})`;
  return shardCount === 1 ? layers : `shard ${shard} of ${shardCount} of ${layers}`;
}
