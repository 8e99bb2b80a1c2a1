import { randomUUID } from "node:crypto";
import { createConnection } from "mysql2/promise";

/** The server for tests, on which its user may create databases. */
export function mysqlServerUrl(): URL {
  const text = process.env["SEGUE_DATABASE_URL"];
  if (text === undefined || text === "") {
    throw new Error(
      "SEGUE_DATABASE_URL is not set: these tests need a MySQL or MariaDB server. Run `npm test`, which starts one, or set mysql://user:password@host:port/ of a server on which the user may create databases.",
    );
  }
  return new URL(text);
}

export interface TestDatabase {
  readonly url: string;
  /** As another program: one statement, its rows. */
  run(statement: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A new database with a random name. */
export async function createDatabase(server: URL = mysqlServerUrl()): Promise<TestDatabase> {
  const name = `segue_test_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const run = (statement: string, database: string | undefined = name) =>
    runOn(server, database, statement);
  await runOn(server, undefined, `create database ${name}`);
  return {
    url: url.href,
    run: (statement) => run(statement),
    drop: async () => {
      await runOn(server, undefined, `drop database if exists ${name}`);
    },
  };
}

async function runOn(
  server: URL,
  database: string | undefined,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({
    host: server.hostname,
    port: Number(server.port),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    ...(database === undefined ? {} : { database }),
  });
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  } finally {
    await connection.end();
  }
}
