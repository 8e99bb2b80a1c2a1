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
  /** As another program: the rows of the last statement. */
  run(...statements: readonly string[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A new database with a random name; over TLS with an authority. */
export async function createDatabase(
  server: URL = mysqlServerUrl(),
  authority?: string,
): Promise<TestDatabase> {
  const name = `segue_test_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const target = { server, database: undefined, authority };
  await runOn(target, [`create database ${name}`]);
  return {
    url: url.href,
    run: (...statements) => runOn({ ...target, database: name }, statements),
    drop: async () => {
      await runOn(target, [`drop database if exists ${name}`]);
    },
  };
}

interface Target {
  readonly server: URL;
  readonly database: string | undefined;
  readonly authority: string | undefined;
}

async function runOn(
  { server, database, authority }: Target,
  statements: readonly string[],
): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({
    host: server.hostname,
    port: Number(server.port),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    ...(database === undefined ? {} : { database }),
    ...(authority === undefined ? {} : { ssl: { ca: authority } }),
  });
  try {
    let last: Record<string, unknown>[] = [];
    for (const statement of statements) {
      const [rows] = await connection.query(statement);
      last = Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    }
    return last;
  } finally {
    await connection.end();
  }
}
