import { AppError } from "@segue/errors";
import type { DatabaseConnection, Driver } from "kysely";
import type { ConnectionPool } from "./connection-pool.ts";
import { reasonOf } from "./from-sql-error.ts";
import type { MysqlConnection } from "./mysql-connection.ts";

/** Kysely's driver over a pool. */
export class MysqlDriver implements Driver {
  readonly #pool: ConnectionPool;
  readonly #label: string;
  readonly #beginning: readonly string[];

  /** Every transaction begins with these statements. */
  constructor(pool: ConnectionPool, label: string, beginning: readonly string[]) {
    this.#pool = pool;
    this.#label = label;
    this.#beginning = beginning;
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return this.#pool.acquire();
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#pool.release(connection as MysqlConnection);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const mysql = connection as MysqlConnection;
    try {
      for (const statement of this.#beginning) await mysql.run(statement);
    } catch (error) {
      await this.rollbackTransaction(connection);
      throw error;
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await (connection as MysqlConnection).run("commit");
    } catch (error) {
      throw this.#toCommitError(error);
    }
  }

  /** A connection that cannot even do that is closed, and the server rolls back by itself. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const mysql = connection as MysqlConnection;
    if (mysql.isOpen) await mysql.run("rollback").catch(() => mysql.destroy());
  }

  async destroy(): Promise<void> {
    this.#pool.close();
  }

  /** When the answer to the commit is lost, it may have happened. */
  #toCommitError(error: unknown): unknown {
    const reason = reasonOf(error);
    if (reason !== "connection-lost" && reason !== "timeout") return error;
    return new AppError(
      "STORE_UNAVAILABLE",
      `The database ${this.#label} went away while it stored a change, which may or may not be stored; repeat it: what is stored already is not stored twice.`,
      { cause: error, details: { reason: "commit-unknown" } },
    );
  }
}
