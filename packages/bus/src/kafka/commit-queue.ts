/**
 * Commits offsets behind the handlers: the newest of each partition, twice a second, since every
 * commit is stored by all replicas. What a crash leaves uncommitted is handled once more.
 */
import { setTimeout as pause } from "node:timers/promises";
import { toAppError } from "@segue/errors";
import type { BusLogger } from "../bus-logger.ts";
import type { CommitOutcome, OffsetCommit } from "./group-offsets.ts";
import { keyOf, type PartitionName } from "./partition-offsets.ts";

const INTERVAL_MS = 500;
const RETRY_DELAY_MS = 100;

export class CommitQueue {
  readonly #send: (commits: readonly OffsetCommit[]) => Promise<CommitOutcome>;
  readonly #logger: BusLogger;
  readonly #waiting = new Map<string, OffsetCommit>();
  #running: Promise<void> | undefined;
  /** Told when what was added before is stored. */
  #flushes: (() => void)[] = [];
  /** Ends the pause between two commits. */
  #hurry = new AbortController();
  #isClosed = false;

  constructor(
    send: (commits: readonly OffsetCommit[]) => Promise<CommitOutcome>,
    logger: BusLogger,
  ) {
    this.#send = send;
    this.#logger = logger;
  }

  add(commit: OffsetCommit): void {
    if (this.#isClosed) return;
    this.#waiting.set(keyOf(commit), commit);
    this.#running ??= this.#run();
  }

  /** Forgets what waits for a partition that is somebody else's now. */
  forget(name: PartitionName): void {
    this.#waiting.delete(keyOf(name));
  }

  /** Resolves when everything added so far is stored, or the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.#running === undefined) return;
    const timer = new AbortController();
    const late = pause(timeoutMs, undefined, { signal: timer.signal }).catch(() => {});
    const { promise: stored, resolve } = Promise.withResolvers<void>();
    this.#flushes.push(resolve);
    this.#hurry.abort();
    await Promise.race([stored, late]);
    timer.abort();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      this.#hurry = new AbortController();
      const commits = [...this.#waiting.values()];
      const flushes = this.#flushes;
      this.#waiting.clear();
      this.#flushes = [];
      const outcome = await this.#trySend(commits);
      if (outcome === "retry" && !this.#isClosed) {
        this.#putBack(commits);
        this.#flushes.unshift(...flushes);
        await pause(RETRY_DELAY_MS);
        continue;
      }
      for (const resolve of flushes) resolve();
      await pause(INTERVAL_MS, undefined, { signal: this.#hurry.signal }).catch(() => {});
    }
    this.#running = undefined;
    for (const resolve of this.#flushes.splice(0)) resolve();
  }

  async #trySend(commits: readonly OffsetCommit[]): Promise<CommitOutcome> {
    try {
      return await this.#send(commits);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "BUS_UNAVAILABLE") return "retry";
      this.#logger.error({ err: error }, "bus.commit.refused");
      return "lost";
    }
  }

  /** Newer offsets that came meanwhile stay. */
  #putBack(commits: readonly OffsetCommit[]): void {
    for (const commit of commits) {
      if (!this.#waiting.has(keyOf(commit))) this.#waiting.set(keyOf(commit), commit);
    }
  }
}
