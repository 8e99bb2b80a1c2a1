import { AppError } from "@segue/errors";
import { type ConnectionSettings, openConnection } from "./mysql-connection.ts";

export interface StoreLogger {
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
}

/** What the server is, and what a session on it begins with. */
export interface MysqlServer {
  /** Binary, and without padding: "abc" and "abc " are two names. */
  readonly collation: string;
  readonly setUp: readonly string[];
  /** For the writer: a process that stops in the middle of a transaction must not hold up the others. */
  readonly setUpToWrite: readonly string[];
  /** For statements that may take long. */
  readonly setUpPatience: readonly string[];
}

const CONNECT_MS_MAX = 2_500;
const STATEMENT_SECONDS_MAX = 10;
/** Less than a statement may take, so that the server's answer says what it was. */
const LOCK_WAIT_SECONDS = 8;
/** Less than a lock is waited for. */
const STOPPED_WRITER_SECONDS = 5;
const COLLATIONS = { mariadb: "utf8mb4_nopad_bin", mysql: "utf8mb4_0900_bin" } as const;

/** Asks the server; warns where it may lose what it acknowledged. */
export async function findServer(
  base: Pick<ConnectionSettings, "address" | "authority">,
  logger: StoreLogger | undefined,
): Promise<MysqlServer> {
  const connection = await openConnection({
    ...base,
    isOpening: true,
    statementMsMax: CONNECT_MS_MAX,
    setUp: [],
  });
  try {
    const { rows } = await connection.run<{ version: string; flush: number }>(
      "select version() as version, @@innodb_flush_log_at_trx_commit as flush",
    );
    const version = rows[0]?.version ?? "";
    const flush = rows[0]?.flush;
    if (flush !== 1) {
      const advice = "set innodb_flush_log_at_trx_commit = 1, or a power cut loses accepted writes";
      logger?.warn({ database: base.address.label, flush, advice }, "store.not-durable");
    }
    const flavor = /mariadb/iu.test(version) ? "mariadb" : "mysql";
    const collation = COLLATIONS[flavor];
    const known = await connection.run(`show collation where collation = '${collation}'`);
    if (known.rows.length === 0) {
      throw new AppError(
        "CONFIG_INVALID",
        `The database server ${base.address.label} (${version}) has no collation ${collation}; use MariaDB 10.6 or MySQL 8.0.17, or later.`,
      );
    }
    return flavor === "mariadb" ? forMariadb(collation) : forMysql(collation);
  } finally {
    connection.end();
  }
}

/** Backslashes must escape in literals, as the client writes them so; what does not fit is refused. */
const SETTINGS = [
  "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  "autocommit = 1",
  "foreign_key_checks = 1",
  `innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
].join(", ");
/** Every statement sees what is committed; the writers' lock gives them the rest. */
const ISOLATION = "set session transaction isolation level read committed";

function forMariadb(collation: string): MysqlServer {
  return {
    collation,
    setUp: [`set session ${SETTINGS}, max_statement_time = ${STATEMENT_SECONDS_MAX}`, ISOLATION],
    setUpToWrite: [`set session idle_transaction_timeout = ${STOPPED_WRITER_SECONDS}`],
    setUpPatience: ["set session max_statement_time = 0"],
  };
}

/** MySQL ends a session that says nothing, in a transaction or not; the pool opens another. */
function forMysql(collation: string): MysqlServer {
  return {
    collation,
    setUp: [
      `set session ${SETTINGS}, max_execution_time = ${STATEMENT_SECONDS_MAX * 1_000}`,
      ISOLATION,
    ],
    setUpToWrite: [`set session wait_timeout = ${STOPPED_WRITER_SECONDS}`],
    setUpPatience: ["set session max_execution_time = 0"],
  };
}
