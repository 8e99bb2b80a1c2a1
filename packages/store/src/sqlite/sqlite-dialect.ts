import { DatabaseSync } from "node:sqlite";
import {
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import type { Connections, SqlDialect } from "../sql/dialect.ts";
import type { Tables } from "../sql/tables.ts";
import { fromSqlError } from "./from-sql-error.ts";
import { SqliteDriver } from "./sqlite-driver.ts";
import { openWriteAheadLog } from "./write-ahead-log.ts";

export interface SqliteOptions {
  /** A file, made when missing (its folder is not), or ":memory:" for a store that vanishes. */
  readonly path: string;
  /** How long a write waits for another process's transaction. Default 10 s. */
  readonly lockWaitMs?: number;
  /** The file grows no further than this; writes beyond it fail as on a full disk. */
  readonly sizeBytesMax?: number;
}

const LOCK_WAIT_MS_DEFAULT = 10_000;
/** Blocks the thread, so it is short: the driver waits longer without blocking. */
const BUSY_TIMEOUT_MS = 20;
/** Opening may meet another process that is recovering the log of a crash. */
const BUSY_TIMEOUT_AT_OPEN_MS = 5_000;

/** Names compare byte by byte in SQLite by default, and text has no limit. */
export function createSqliteDialect(options: SqliteOptions): SqlDialect {
  return {
    name: "sqlite",
    columnTypes: {
      id: "text",
      text: "text",
      longText: "text",
      integer: "integer",
      bytes: "blob",
    },
    tableOptions: "",
    clusteredTableOptions: " without rowid",
    hasTransactionalSchema: true,
    connect: () => connect(options),
  };
}

async function connect(options: SqliteOptions): Promise<Connections> {
  const writing = openDatabase(options);
  const log = openWriteAheadLog(writing);
  const writer = createKysely(writing, options, log.sync);
  // A database in memory belongs to its connection; reads then take turns with transactions.
  const reading = options.path === ":memory:" ? writing : openDatabase(options);
  const reader = reading === writing ? writer : createKysely(reading, options, log.sync);
  return {
    writer,
    reader,
    changeSchema: (work) => writer.transaction().execute(work),
    async findDamage() {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(
        reader,
      );
      return rows.map((row) => row.integrity_check).filter((line) => line !== "ok");
    },
    async close() {
      // Not through Kysely, which would then answer late callers with an error without a code.
      for (const database of [reading, writing]) if (database.isOpen) database.close();
      await log.close();
    },
  };
}

function createKysely(
  database: DatabaseSync,
  options: SqliteOptions,
  syncLog: () => Promise<void>,
): Kysely<Tables> {
  const lockWaitMs = options.lockWaitMs ?? LOCK_WAIT_MS_DEFAULT;
  const dialect: Dialect = {
    createDriver: () => new SqliteDriver(database, options.path, lockWaitMs, syncLog),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
  return new Kysely<Tables>({ dialect });
}

/**
 * In WAL mode readers and the one writer do not hold each other up, also across processes. With
 * synchronous=NORMAL a commit does not wait for the disk; the driver then syncs the log itself, in a
 * thread of the pool, before it calls the commit done. That is what synchronous=FULL does, without
 * holding this thread up (https://sqlite.org/pragma.html#pragma_synchronous).
 */
function openDatabase(options: SqliteOptions): DatabaseSync {
  try {
    const database = new DatabaseSync(options.path, { timeout: BUSY_TIMEOUT_AT_OPEN_MS });
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma foreign_keys = on;
      pragma temp_store = memory;
      pragma cache_size = -32768;
      pragma wal_autocheckpoint = 4000;
    `);
    if (options.sizeBytesMax !== undefined) limitSize(database, options.sizeBytesMax);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (thrown) {
    throw fromSqlError(thrown, options.path);
  }
}

function limitSize(database: DatabaseSync, sizeBytesMax: number): void {
  const row = database.prepare("pragma page_size").get();
  const pageBytes = Number(row?.["page_size"]);
  database.exec(`pragma max_page_count = ${Math.max(1, Math.floor(sizeBytesMax / pageBytes))}`);
}
