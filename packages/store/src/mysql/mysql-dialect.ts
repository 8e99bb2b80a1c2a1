import { readFile } from "node:fs/promises";
import { AppError } from "@segue/errors";
import {
  type Dialect,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  sql,
} from "kysely";
import type { Connections, SqlDialect } from "../sql/dialect.ts";
import type { Tables } from "../sql/tables.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { parseMysqlUrl } from "./mysql-address.ts";
import { type ConnectionSettings, openConnection } from "./mysql-connection.ts";
import { MysqlDriver } from "./mysql-driver.ts";
import { findServer, type MysqlServer, type StoreLogger } from "./mysql-server.ts";
import { takeSchemaLock } from "./schema-lock.ts";

export interface MysqlOptions {
  /** `mysql://user:password@host:port/database`; nothing is created outside that database. */
  readonly url: string;
  /** Default 8; one of them writes, the others read. */
  readonly connectionsMax?: number;
  /** Only over TLS, to a server whose certificate this authority (a PEM file) signed for its host. */
  readonly tls?: { readonly caFile: string };
  readonly logger?: StoreLogger;
}

const CONNECTIONS_MAX_DEFAULT = 8;
const STATEMENT_MS_MAX = 10_000;
/** Changing the schema and checking tables read all of them. */
const PATIENT_STATEMENT_MS_MAX = 30 * 60_000;

/**
 * Names compare byte by byte, up to 255 characters: two of them and a number fit in one index key of
 * 3,072 bytes. The server decides about collations, so it is asked before the tables are described.
 */
export async function createMysqlDialect(options: MysqlOptions): Promise<SqlDialect> {
  const address = parseMysqlUrl(options.url);
  const connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX_DEFAULT;
  if (!Number.isInteger(connectionsMax) || connectionsMax < 2) {
    throw new AppError(
      "CONFIG_INVALID",
      `${connectionsMax} connections to the database are not enough: at least 2 are needed, one to write and one to read.`,
    );
  }
  const authority = await readAuthority(options.tls?.caFile);
  const base = { address, ...(authority === undefined ? {} : { authority }) };
  const server = await findServer(base, options.logger);
  return {
    name: "mysql",
    columnTypes: {
      id: "varchar(255)",
      text: "text",
      longText: "longtext",
      integer: "bigint",
      bytes: "longblob",
    },
    tableOptions: ` engine = InnoDB default charset = utf8mb4 collate = ${server.collation}`,
    clusteredTableOptions: "",
    hasTransactionalSchema: false,
    connect: async () => connect(base, server, connectionsMax),
  };
}

async function readAuthority(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new AppError(
      "CONFIG_INVALID",
      `The authority for the database's TLS cannot be read from ${path}; name a readable PEM file.`,
      { cause: thrown },
    );
  }
}

type Base = Pick<ConnectionSettings, "address" | "authority">;

function connect(base: Base, server: MysqlServer, connectionsMax: number): Connections {
  const { label } = base.address;
  const brief = { ...base, isOpening: false, statementMsMax: STATEMENT_MS_MAX };
  const readers = new ConnectionPool({
    label,
    sizeMax: connectionsMax - 1,
    open: () => openConnection({ ...brief, setUp: server.setUp }),
  });
  const writers = new ConnectionPool({
    label,
    sizeMax: 1,
    open: () => openConnection({ ...brief, setUp: [...server.setUp, ...server.setUpToWrite] }),
  });
  const reader = createKysely(readers, label, ["begin"]);
  return {
    reader,
    // Whoever holds the counters holds the right to write, among the writers of all processes.
    writer: createKysely(writers, label, ["begin", "select name from counters for update"]),
    changeSchema: (work) => withPatientConnection(base, server, true, work),
    findDamage: () =>
      withPatientConnection(base, server, false, (connection) => checkTables(connection)),
    async close() {
      readers.close();
      writers.close();
    },
  };
}

async function withPatientConnection<T>(
  base: Base,
  server: MysqlServer,
  isLocking: boolean,
  work: (connection: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  const pool = new ConnectionPool({
    label: base.address.label,
    sizeMax: 1,
    open: async () => {
      const connection = await openConnection({
        ...base,
        isOpening: true,
        statementMsMax: PATIENT_STATEMENT_MS_MAX,
        setUp: server.setUp.concat(server.setUpPatience),
      });
      if (isLocking) await takeSchemaLock(connection, base.address);
      return connection;
    },
  });
  try {
    return await createKysely(pool, base.address.label, ["begin"]).connection().execute(work);
  } finally {
    pool.close();
  }
}

async function checkTables(connection: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = database() and table_type = 'BASE TABLE' order by table_name
  `.execute(connection);
  const problems: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ Msg_type: string; Msg_text: string }>`
      check table ${sql.table(name)} extended
    `.execute(connection);
    for (const row of rows) {
      if (row.Msg_type === "status" && row.Msg_text === "OK") continue;
      problems.push(`${name}: ${row.Msg_type}: ${row.Msg_text}`);
    }
  }
  return problems;
}

function createKysely(
  pool: ConnectionPool,
  label: string,
  beginning: readonly string[],
): Kysely<Tables> {
  const dialect: Dialect = {
    createDriver: () => new MysqlDriver(pool, label, beginning),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createAdapter: () => new MysqlAdapter(),
    createIntrospector: (kysely) => new MysqlIntrospector(kysely),
  };
  return new Kysely<Tables>({ dialect });
}
