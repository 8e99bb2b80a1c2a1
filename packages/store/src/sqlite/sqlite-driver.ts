import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setImmediate, setTimeout } from "node:timers/promises";
import { toAppError } from "@segue/errors";
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from "kysely";
import { fromSqlError, isLocked } from "./from-sql-error.ts";

const PREPARED_STATEMENTS_MAX = 200;
/** Statements run on the calling thread; other work gets its turn at least this often. */
const TURN_MS_MAX = 8;
const LOCK_RETRY_MS = 10;

/** Kysely's driver over one connection of node:sqlite: whoever holds it runs alone. */
export class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  readonly #lockWaitMs: number;
  #lastTurn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => {};

  readonly #syncLog: () => Promise<void>;

  /**
   * A transaction waits up to `lockWaitMs` for the transaction of another process. `syncLog` brings
   * to disk what was committed; it runs off this thread, where SQLite's own would hold it up.
   */
  constructor(
    database: DatabaseSync,
    path: string,
    lockWaitMs: number,
    syncLog: () => Promise<void>,
  ) {
    this.#connection = new SqliteConnection(database, path);
    this.#lockWaitMs = lockWaitMs;
    this.#syncLog = syncLog;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#lastTurn;
    let end: () => void = () => {};
    this.#lastTurn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    this.#endTurn = end;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#endTurn();
  }

  /** Takes the write lock at once, so that a transaction never fails half way for want of it. */
  async beginTransaction(): Promise<void> {
    const givesUpAtMs = performance.now() + this.#lockWaitMs;
    for (;;) {
      try {
        this.#connection.run("begin immediate");
        return;
      } catch (thrown) {
        const error = toAppError(thrown);
        if (!isLocked(error) || performance.now() > givesUpAtMs) throw error;
        await setTimeout(LOCK_RETRY_MS);
      }
    }
  }

  async commitTransaction(): Promise<void> {
    this.#connection.run("commit");
    await this.#syncLog();
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk has already rolled it back.
    if (this.#connection.isInTransaction) this.#connection.run("rollback");
  }

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly hasRows: boolean;
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #path: string;
  /** Least recently used first. */
  readonly #prepared = new Map<string, Prepared>();
  #turnStartedAtMs = performance.now();
  #turnEnd: Promise<void> | undefined;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.#giveWay();
    return this.#execute<R>(query);
  }

  /** Repositories page by key instead, so that no open cursor holds a snapshot back. */
  // biome-ignore lint/correctness/useYield: the driver's contract is an iterator; this one refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not supported; read page by page");
  }

  run(statement: string): void {
    this.#execute(CompiledQuery.raw(statement));
  }

  close(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #execute<R>(query: CompiledQuery): QueryResult<R> {
    try {
      const { statement, hasRows } = this.#prepare(query.sql);
      const parameters = query.parameters as SQLInputValue[];
      if (hasRows) return { rows: statement.all(...parameters) as R[] };
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    } catch (thrown) {
      throw fromSqlError(thrown, this.#path);
    }
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      this.#prepared.delete(text);
      this.#prepared.set(text, known);
      return known;
    }
    const statement = this.#database.prepare(text);
    const prepared = { statement, hasRows: statement.columns().length > 0 };
    this.#prepared.set(text, prepared);
    if (this.#prepared.size > PREPARED_STATEMENTS_MAX) {
      const oldest = this.#prepared.keys().next();
      if (oldest.done !== true) this.#prepared.delete(oldest.value);
    }
    return prepared;
  }

  /** Awaiting a finished promise does not let timers and sockets run; this does. */
  async #giveWay(): Promise<void> {
    if (performance.now() - this.#turnStartedAtMs < TURN_MS_MAX) return;
    this.#turnEnd ??= setImmediate().then(() => {
      this.#turnStartedAtMs = performance.now();
      this.#turnEnd = undefined;
    });
    await this.#turnEnd;
  }
}
