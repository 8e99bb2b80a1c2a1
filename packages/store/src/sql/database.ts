import { AppError } from "@segue/errors";
import type { Kysely, Transaction } from "kysely";
import { attempt } from "./attempt.ts";
import type { Connections } from "./dialect.ts";
import type { Tables } from "./tables.ts";

export type ReadConnection = Kysely<Tables>;
export type WriteTransaction = Transaction<Tables>;
export type WriteWork<T> = (transaction: WriteTransaction) => Promise<T>;

/** Writes waiting beyond this are refused: a stalled disk must not fill the memory. */
const WAITING_WRITES_MAX = 10_000;
/** So often in a row is a transaction repeated of which the database says that it is undone. */
const REPEATS_MAX = 2;
/** A shared transaction takes no further write after this time, so that none waits for long. */
const SHARED_TRANSACTION_MS_MAX = 20;

interface WaitingWrite {
  readonly work: WriteWork<unknown>;
  readonly onStored: (result: unknown) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * One writer with group commit: writes that wait at the same time share one transaction, and so one
 * wait for the disk, each behind its own savepoint. `write` resolves when its changes are on disk;
 * a write that throws leaves nothing behind and does not disturb its neighbours.
 */
export class Database {
  readonly read: ReadConnection;
  readonly #connections: Connections;
  readonly #waiting: WaitingWrite[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;
  #repeats = 0;

  constructor(connections: Connections) {
    this.#connections = connections;
    this.read = connections.reader;
  }

  /**
   * `work` uses the transaction it is given alone; it must not call `write` or `read` itself. It runs
   * again when the database undid it for reasons of its own, as after a deadlock.
   */
  write<T>(work: WriteWork<T>): Promise<T> {
    if (this.#isClosed) {
      return Promise.reject(
        new AppError("STORE_UNAVAILABLE", "The store is closed; open it again."),
      );
    }
    if (this.#waiting.length >= WAITING_WRITES_MAX) {
      const message = `${WAITING_WRITES_MAX} writes already wait for the database; check whether its disk is slow or full, and try again.`;
      return Promise.reject(new AppError("STORE_UNAVAILABLE", message));
    }
    const stored = new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        work,
        onStored: (result) => resolve(result as T),
        onFailed: reject,
      });
    });
    this.#draining ??= this.#drain();
    return stored;
  }

  /** Before anything is written: it does not wait for writes, nor they for it. */
  changeSchema(work: (connection: ReadConnection) => Promise<void>): Promise<void> {
    return this.#connections.changeSchema(work);
  }

  findDamage(): Promise<readonly string[]> {
    return this.#connections.findDamage();
  }

  /** Waits for the writes under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
    await this.#connections.close();
  }

  async #drain(): Promise<void> {
    // A first turn of the microtask queue lets callers that write side by side share a transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commitWaiting();
    this.#draining = undefined;
  }

  async #commitWaiting(): Promise<void> {
    const taken: WaitingWrite[] = [];
    const settlements: (() => void)[] = [];
    try {
      await this.#connections.writer.transaction().execute(async (transaction) => {
        const endsAtMs = performance.now() + SHARED_TRANSACTION_MS_MAX;
        do {
          const next = this.#waiting.shift();
          if (next === undefined) break;
          taken.push(next);
          settlements.push(await runBehindSavepoint(transaction, next));
        } while (performance.now() < endsAtMs);
      });
    } catch (error) {
      if (isUndone(error) && this.#repeats < REPEATS_MAX) {
        this.#repeats += 1;
        this.#waiting.unshift(...taken);
        return;
      }
      this.#repeats = 0;
      // The transaction as a whole is gone: a full disk, a lock that stayed, a failed commit.
      // Before the first write it is the lock, which the waiting ones would not get either.
      const failed = taken.length === 0 ? this.#waiting.splice(0) : taken;
      for (const write of failed) write.onFailed(error);
      return;
    }
    this.#repeats = 0;
    for (const settle of settlements) settle();
  }
}

/** A commit that may have happened has another reason. */
function isUndone(error: unknown): boolean {
  const reason = error instanceof AppError ? error.details["reason"] : undefined;
  return reason === "deadlock" || reason === "connection-lost";
}

/** Returns how to settle the write once the transaction is on disk. */
async function runBehindSavepoint(
  transaction: WriteTransaction,
  { work, onStored, onFailed }: WaitingWrite,
): Promise<() => void> {
  const outcome = await attempt(transaction, "one_write", () => work(transaction));
  if ("error" in outcome) return () => onFailed(outcome.error);
  return () => onStored(outcome.result);
}
