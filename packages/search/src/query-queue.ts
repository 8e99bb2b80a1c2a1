/** Searches that wait for the thread: bounded, cancellable, first come first served. */
import type { Song } from "@segue/domain";
import { AppError } from "@segue/errors";

/** Runs one search; the queue calls it again only after it has settled. */
export type RunSearch = (text: string, limit: number) => Promise<readonly Song[]>;

interface WaitingSearch {
  readonly text: string;
  readonly limit: number;
  readonly resolve: (songs: readonly Song[]) => void;
  readonly reject: (error: unknown) => void;
}

const RETRY_AFTER_SECONDS = 1;

export class QueryQueue {
  readonly #waitingMax: number;
  /** A set keeps the order of arrival, and lets a cancelled search go without a scan. */
  readonly #waiting = new Set<WaitingSearch>();
  #run: RunSearch | undefined;
  #isRunning = false;

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Starts what waits, or (without a way to run it) lets new searches wait. */
  runWith(run: RunSearch | undefined): void {
    this.#run = run;
    this.#next();
  }

  /** Rejects everything that waits. */
  rejectAll(error: AppError): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const search of waiting) search.reject(error);
  }

  async push(text: string, limit: number, signal?: AbortSignal): Promise<readonly Song[]> {
    if (signal?.aborted === true) throw cancelled(signal);
    if (this.#waiting.size >= this.#waitingMax) {
      throw new AppError(
        "OVERLOADED",
        `${this.#waiting.size} searches are waiting already; try again in a second.`,
        { details: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<readonly Song[]>();
    const search: WaitingSearch = { text, limit, resolve, reject };
    const onAbort = () => {
      this.#waiting.delete(search);
      reject(cancelled(signal));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.add(search);
    this.#next();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #next(): void {
    const run = this.#run;
    const [search] = this.#waiting;
    if (run === undefined || search === undefined || this.#isRunning) return;
    this.#waiting.delete(search);
    this.#isRunning = true;
    void run(search.text, search.limit)
      .then(search.resolve, search.reject)
      .finally(() => {
        this.#isRunning = false;
        this.#next();
      });
  }
}

function cancelled(signal: AbortSignal | undefined): AppError {
  return new AppError("CANCELLED", "The search was cancelled by its caller.", {
    cause: signal?.reason,
  });
}
