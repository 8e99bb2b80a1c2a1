/** One worker thread as the pool sees it: it becomes ready, runs one batch at a time, may die. */
import { Worker } from "node:worker_threads";

import { AppError, invariant } from "@segue/errors";

import type { StageInput, StageOutput } from "./stage-run.ts";
import {
  type FromWorker,
  fromPlainError,
  type ToWorker,
  type WorkerStart,
} from "./worker-messages.ts";

export interface BatchResult {
  readonly outputs: readonly StageOutput[];
  readonly computeMs: number;
}

export interface PoolWorker {
  readonly isBusy: boolean;
  /** Rejects with MODEL_NOT_LOADED (retryable) when the thread dies with the batch. */
  run(inputs: readonly StageInput[]): Promise<BatchResult>;
  close(): Promise<void>;
}

/** Arrays live outside the heap, so a small young generation costs no time and saves 40 MB. */
const YOUNG_GENERATION_MB = 4;

export function startThread(start: WorkerStart): Worker {
  return new Worker(new URL("./inference-worker.ts", import.meta.url), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
}

/**
 * Resolves after the warm-up inference.
 * @param thread just started, with the given start
 * @param onDeath called once when the thread ends without having been closed
 */
export async function createPoolWorker(
  thread: Worker,
  start: WorkerStart,
  onDeath: (worker: PoolWorker, error: AppError) => void,
): Promise<PoolWorker> {
  let pending = Promise.withResolvers<BatchResult>();
  let isBusy = true;
  let isReady = false;
  let isClosing = false;
  let fault: unknown;
  const exited = new Promise<void>((resolve) => {
    thread.once("exit", () => {
      resolve();
    });
  });

  function handleMessage(message: FromWorker): void {
    isBusy = false;
    if (message.kind === "failed") pending.reject(fromPlainError(message.error));
    else if (message.kind === "ready") pending.resolve({ outputs: [], computeMs: 0 });
    else pending.resolve(message);
  }

  const worker: PoolWorker = {
    get isBusy() {
      return isBusy;
    },
    run(inputs) {
      invariant(!isBusy && !isClosing, "a worker is given one batch at a time");
      const owned = inputs.map(withOwnActivations);
      const message: ToWorker = { kind: "run", inputs: owned };
      thread.postMessage(message, owned.flatMap(activationBuffers));
      isBusy = true;
      pending = Promise.withResolvers();
      return pending.promise;
    },
    async close() {
      isClosing = true;
      const message: ToWorker = { kind: "close" };
      thread.postMessage(message);
      await exited;
    },
  };

  const { stage, shard } = start.weights.part;
  const deathNotice = () =>
    new AppError(
      "MODEL_NOT_LOADED",
      `The worker thread of stage ${stage}, shard ${shard} of ${start.weights.manifest.version} ended in the middle of its work; a new one is being started, try again`,
      { cause: fault },
    );
  thread.on("message", handleMessage);
  thread.once("error", (error) => {
    fault = error;
  });
  thread.once("exit", () => {
    pending.reject(deathNotice());
    if (isReady && !isClosing) onDeath(worker, deathNotice());
  });
  await pending.promise;
  isReady = true;
  return worker;
}

/** The caller keeps its arrays (a task may be sent again), the thread gets a copy of its own. */
function withOwnActivations(input: StageInput): StageInput {
  if (input.activations === undefined) return input;
  return { ...input, activations: { ...input.activations, data: input.activations.data.slice() } };
}

function activationBuffers({ activations }: StageInput): ArrayBuffer[] {
  const buffer = activations?.data.buffer;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}
