import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/**
 * Everything in which the databases differ. Repositories know none of it: they use portable Kysely
 * only (no upsert, no returning, no auto increment, no row values), and pass one test suite.
 */
export interface SqlDialect {
  readonly name: "sqlite" | "mysql";
  readonly columnTypes: ColumnTypes;
  /** Follows the closing parenthesis of every `create table`: engine and character set. */
  readonly tableOptions: string;
  /** Follows those where rows are to lie in the order of a primary key of text. */
  readonly clusteredTableOptions: string;
  /** False: each statement that changes the schema is a transaction of its own. */
  readonly hasTransactionalSchema: boolean;
  connect(): Promise<Connections>;
}

/** SQL types by what a column holds. */
export interface ColumnTypes {
  /** A name compared byte by byte, up to 255 characters, fit for a key. */
  readonly id: string;
  /** Text of up to 1,000 characters, never part of a key. */
  readonly text: string;
  /** Text without a practical limit. */
  readonly longText: string;
  /** A whole number of at least 53 bits. */
  readonly integer: string;
  /** Bytes, at least 16 MiB. */
  readonly bytes: string;
}

export interface Connections {
  /** Sees what is committed, and is never held up by a write for long. */
  readonly reader: Kysely<Tables>;
  /** Its transactions exclude those of other processes, waiting for their end up to a limit. */
  readonly writer: Kysely<Tables>;
  /** Runs `work` while no other process changes the schema; in one transaction where it can be. */
  changeSchema(work: (connection: Kysely<Tables>) => Promise<void>): Promise<void>;
  /** Problems the database finds in itself; empty when it is whole. */
  findDamage(): Promise<readonly string[]>;
  close(): Promise<void>;
}
