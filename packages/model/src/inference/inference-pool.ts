/**
 * Serves one part of a model from worker threads behind a bounded queue. onnxruntime computes on the
 * calling thread, so the event loop never calls it; what queues up while a worker is busy goes as
 * one micro-batch once it is free, with no lingering: an idle worker takes a request at once.
 */
import type { Worker } from "node:worker_threads";

import { AppError, toAppError } from "@segue/errors";

import type { ModelPart } from "../partition/plan-partition.ts";
import type { StageWeights } from "../partition/stage-weights.ts";
import { assertStageInput } from "./assert-stage-input.ts";
import { MicroBatchQueue, type Queued, type QueueLimits } from "./micro-batch-queue.ts";
import { type BatchResult, createPoolWorker, type PoolWorker, startThread } from "./pool-worker.ts";
import type { StageInput, StageOutput } from "./stage-run.ts";
import type { WorkerStart } from "./worker-messages.ts";

export interface InferencePoolOptions extends QueueLimits {
  readonly weights: StageWeights;
  /** Worker threads; workers x threads should stay within the cores. */
  readonly workers?: number;
  /** Threads within one operator. */
  readonly threads?: number;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  /** Told of every worker that died, and of every failed attempt to replace it. */
  readonly onWorkerLost?: (error: AppError) => void;
  /** Whoever starts the threads can also watch or end them. */
  readonly startThread?: (start: WorkerStart) => Worker;
}

export interface InferenceResult {
  readonly output: StageOutput;
  readonly queueMs: number;
  /** Of the whole micro-batch. */
  readonly computeMs: number;
  /** Requests in the micro-batch. */
  readonly batchSize: number;
}

export interface InferencePool {
  readonly part: ModelPart;
  readonly modelVersion: string;
  /** Requests that wait. */
  readonly queueDepth: number;
  /** Requests that a worker computes. */
  readonly inFlight: number;
  /**
   * @param options.deadlineMs unix time; work that is still waiting then is dropped
   * Rejects with REQUEST_INVALID, OVERLOADED, DEADLINE_EXCEEDED or MODEL_NOT_LOADED (retryable).
   */
  run(input: StageInput, options?: { readonly deadlineMs?: number }): Promise<InferenceResult>;
  /** Takes no more work, finishes what it has, ends the threads. */
  close(): Promise<void>;
}

/** Resolves when every worker has done a warm-up inference. */
export async function createInferencePool(options: InferencePoolOptions): Promise<InferencePool> {
  const pool = new WorkerPool(options);
  await pool.start();
  return pool;
}

const RESTART_DELAY_MS_MIN = 50;
const RESTART_DELAY_MS_MAX = 5_000;

interface PendingRun extends Queued {
  readonly queuedAtMs: number;
  readonly resolve: (result: InferenceResult) => void;
  readonly reject: (error: unknown) => void;
}

class WorkerPool implements InferencePool {
  readonly part: ModelPart;
  readonly modelVersion: string;
  inFlight = 0;
  readonly #options: InferencePoolOptions;
  readonly #now: () => number;
  readonly #workers = new Set<PoolWorker>();
  readonly #queue: MicroBatchQueue<PendingRun>;
  readonly #idle = Promise.withResolvers<void>();
  #isClosing = false;

  constructor(options: InferencePoolOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.part = options.weights.part;
    this.modelVersion = options.weights.manifest.version;
    this.#queue = new MicroBatchQueue(this.part, options);
  }

  get queueDepth(): number {
    return this.#queue.length;
  }

  async start(): Promise<void> {
    const workers = Array.from({ length: this.#options.workers ?? 1 }, () => this.#startWorker());
    const failed = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
    if (failed !== undefined) {
      await this.close();
      throw (failed as PromiseRejectedResult).reason;
    }
  }

  async run(
    input: StageInput,
    { deadlineMs = Number.POSITIVE_INFINITY }: { readonly deadlineMs?: number } = {},
  ): Promise<InferenceResult> {
    if (this.#isClosing) throw this.#closed();
    assertStageInput(input, this.part, this.#options.weights.manifest);
    const { promise, resolve, reject } = Promise.withResolvers<InferenceResult>();
    this.#queue.push({ input, deadlineMs, queuedAtMs: performance.now(), resolve, reject });
    this.#dispatch();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#settleClosing();
    await this.#idle.promise;
    await Promise.all(Array.from(this.#workers, (worker) => worker.close()));
    this.#workers.clear();
  }

  /** Gives waiting work to idle workers. */
  #dispatch(): void {
    for (const worker of this.#workers) {
      if (worker.isBusy) continue;
      const { batch, late } = this.#queue.takeBatch(this.#now());
      for (const run of late) run.reject(this.#late(run));
      if (batch.length === 0) return;
      void this.#runBatch(worker, batch);
    }
  }

  async #runBatch(worker: PoolWorker, batch: readonly PendingRun[]): Promise<void> {
    const startedAtMs = performance.now();
    this.inFlight += batch.length;
    try {
      const result = await worker.run(batch.map(({ input }) => input));
      resolveBatch(batch, result, startedAtMs);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.inFlight -= batch.length;
    this.#dispatch();
    this.#settleClosing();
  }

  async #startWorker(): Promise<void> {
    const { weights, threads = 1 } = this.#options;
    const start = { weights, threads };
    const thread = (this.#options.startThread ?? startThread)(start);
    const worker = await createPoolWorker(thread, start, (dead, error) => {
      this.#workers.delete(dead);
      this.#options.onWorkerLost?.(error);
      this.#replaceWorker(RESTART_DELAY_MS_MIN);
    });
    if (this.#isClosing) {
      await worker.close();
      return;
    }
    this.#workers.add(worker);
    this.#dispatch();
  }

  /** Tries until it works: meanwhile the pool is short of a worker, and late work is dropped. */
  #replaceWorker(delayMs: number): void {
    this.#settleClosing();
    if (this.#isClosing) return;
    const timer = setTimeout(() => {
      if (this.#isClosing) return;
      this.#startWorker().catch((error: unknown) => {
        this.#options.onWorkerLost?.(toAppError(error));
        this.#replaceWorker(Math.min(delayMs * 2, RESTART_DELAY_MS_MAX));
      });
    }, delayMs);
    timer.unref();
  }

  /** While closing: nothing waits for a worker that will not come, and the last result ends it. */
  #settleClosing(): void {
    if (!this.#isClosing) return;
    if (this.#workers.size === 0) {
      for (const { reject } of this.#queue.takeAll()) reject(this.#closed());
    }
    if (this.inFlight === 0 && this.#queue.length === 0) this.#idle.resolve();
  }

  #late({ deadlineMs }: PendingRun): AppError {
    return new AppError(
      "DEADLINE_EXCEEDED",
      `Stage ${this.part.stage} dropped a request ${Math.round(this.#now() - deadlineMs)} ms after its deadline; ask again with more time or add replicas`,
    );
  }

  #closed(): AppError {
    return new AppError(
      "MODEL_NOT_LOADED",
      `Stage ${this.part.stage}, shard ${this.part.shard} of ${this.modelVersion} is closing; try another replica`,
    );
  }
}

function resolveBatch(
  batch: readonly PendingRun[],
  { outputs, computeMs }: BatchResult,
  startedAtMs: number,
): void {
  batch.forEach(({ resolve, reject, queuedAtMs }, index) => {
    const output = outputs[index];
    if (output === undefined) {
      reject(new AppError("INTERNAL", "A worker thread answered fewer requests than it was given"));
      return;
    }
    resolve({ output, queueMs: startedAtMs - queuedAtMs, computeMs, batchSize: batch.length });
  });
}
