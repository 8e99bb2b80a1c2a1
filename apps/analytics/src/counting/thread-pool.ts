/** Runs tasks on worker threads; a task whose thread dies is run again on another. */
import { Worker } from "node:worker_threads";
import { AppError } from "@segue/errors";
import type { PairCountColumns } from "@segue/statistics";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import type { CountTask } from "./count-tasks.ts";

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly logger: Pick<AnalyticsLogger, "warn">;
  /** For tests that end threads. */
  readonly startThread?: () => Worker;
}

interface Job {
  readonly task: CountTask;
  readonly signal: AbortSignal;
  readonly resolve: (parts: PairCountColumns[]) => void;
  readonly reject: (error: unknown) => void;
  /** Threads that died of it, or with it. */
  losses: number;
}

/** A task that so many threads did not survive is what kills them. */
const LOSSES_MAX = 3;

export class ThreadPool {
  readonly threads: number;
  readonly #logger: ThreadPoolOptions["logger"];
  readonly #startThread: () => Worker;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  #isClosed = false;

  /** Threads start with the first tasks that need them. */
  constructor({ threads, logger, startThread = startCountThread }: ThreadPoolOptions) {
    this.threads = threads;
    this.#logger = logger;
    this.#startThread = startThread;
  }

  /** Rejects with the signal's reason when that comes before the task was begun. */
  run(task: CountTask, signal: AbortSignal): Promise<PairCountColumns[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, signal, resolve, reject, losses: 0 });
      this.#assign();
    });
  }

  /** Ends the threads at once; tasks under way are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const jobs = [...this.#waiting.splice(0), ...this.#busy.values()];
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#busy.clear();
    for (const { reject } of jobs) reject(closedError());
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      if (this.#idle.length === 0 && this.#busy.size >= this.threads) return;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (this.#isClosed) {
        job.reject(closedError());
      } else if (job.signal.aborted) {
        job.reject(job.signal.reason);
      } else {
        const thread = this.#idle.pop() ?? this.#start();
        this.#busy.set(thread, job);
        // What a task holds is copied or shared, never moved: it may be needed again.
        thread.postMessage(job.task);
      }
    }
  }

  #start(): Worker {
    const thread = this.#startThread();
    let lastError: unknown;
    thread.on("message", (parts: PairCountColumns[]) => {
      const job = this.#busy.get(thread);
      if (!this.#busy.delete(thread)) return;
      this.#idle.push(thread);
      job?.resolve(parts);
      this.#assign();
    });
    thread.on("error", (error) => {
      lastError = error;
    });
    thread.on("exit", () => this.#onExit(thread, lastError));
    return thread;
  }

  #onExit(thread: Worker, cause: unknown): void {
    const at = this.#idle.indexOf(thread);
    if (at !== -1) this.#idle.splice(at, 1);
    const job = this.#busy.get(thread);
    if (job === undefined) return;
    this.#busy.delete(thread);
    job.losses += 1;
    this.#logger.warn({ err: cause, task: job.task.kind, losses: job.losses }, "thread.lost");
    if (job.losses < LOSSES_MAX) {
      this.#waiting.unshift(job);
    } else {
      job.reject(
        new AppError("INTERNAL", `A ${job.task.kind} task ended ${job.losses} threads`, { cause }),
      );
    }
    this.#assign();
  }
}

export function startCountThread(): Worker {
  return new Worker(new URL("./count-thread.ts", import.meta.url));
}

function closedError(): AppError {
  return new AppError("ANALYTICS_UNAVAILABLE", "This server stops; call again in a second.");
}
