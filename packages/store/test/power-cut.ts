/**
 * A database whose power fails after a number of statements, wherever in a transaction that is: from
 * then on nothing more is written or read, and what was not committed is gone. Real: the database.
 */
import { AppError } from "@segue/errors";
import type { KyselyPlugin } from "kysely";
import { openStoreOf, type Store } from "../src/open-store.ts";
import type { Connections, SqlDialect } from "../src/sql/dialect.ts";
import { createSqliteDialect } from "../src/sqlite/sqlite-dialect.ts";

export class PowerCut {
  /** How often a write was cut short. */
  cutCount = 0;
  readonly #path: string;
  #statementsLeft = Number.POSITIVE_INFINITY;
  /** A database in memory lives as long as its connection. */
  #kept: Connections | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  open(): Promise<Store> {
    const inner = createSqliteDialect({ path: this.#path });
    return openStoreOf({ ...inner, connect: () => this.#connect(inner) });
  }

  /** Runs work that power may interrupt, and gives the store as it is started again. */
  async interrupt(store: Store, statements: number, work: () => Promise<unknown>): Promise<Store> {
    this.#statementsLeft = statements;
    await work().catch((error: unknown) => {
      if (!isPowerCut(error)) throw error;
    });
    this.#statementsLeft = 0;
    await store.close();
    this.#statementsLeft = Number.POSITIVE_INFINITY;
    return this.open();
  }

  async end(): Promise<void> {
    await this.#kept?.close();
  }

  async #connect(inner: SqlDialect): Promise<Connections> {
    const isInMemory = this.#path === ":memory:";
    const connections = this.#kept ?? (await inner.connect());
    if (isInMemory) this.#kept = connections;
    const onCut = () => {
      this.cutCount += 1;
    };
    return {
      ...connections,
      writer: connections.writer.withPlugin(this.#plugin(onCut)),
      reader: connections.reader.withPlugin(this.#plugin(() => {})),
      close: async () => {
        if (!isInMemory) await connections.close();
      },
    };
  }

  /** `onCut` is called when one of its statements is the first to fail. */
  #plugin(onCut: () => void): KyselyPlugin {
    return {
      transformQuery: ({ node }) => {
        this.#statementsLeft -= 1;
        if (this.#statementsLeft === -1) onCut();
        if (this.#statementsLeft < 0) throw new AppError("STORE_UNAVAILABLE", POWER_FAILED);
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
  }
}

const POWER_FAILED = "The power failed.";

function isPowerCut(error: unknown): boolean {
  return error instanceof AppError && error.message.includes(POWER_FAILED);
}
