import { setTimeout as setTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { AppError, toAppError } from "@segue/errors";
import type { MysqlConnection } from "./mysql-connection.ts";

export interface PoolOptions {
  /** For messages. */
  readonly label: string;
  readonly sizeMax: number;
  readonly open: () => Promise<MysqlConnection>;
}

interface Waiter {
  readonly resolve: (connection: MysqlConnection) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

/** A caller waits for a free connection no longer than this. */
const WAIT_MS_MAX = 5_000;
const WAITERS_MAX = 10_000;
/** A connection idle for longer is asked whether it lives: a cut network leaves no other trace. */
const TRUSTED_IDLE_MS = 1_000;
const PING_MS_MAX = 2_000;
/** While the server is away, one attempt to reach it is made so often; other calls fail at once. */
const PROBE_INTERVAL_MS = 500;
/** For as long as a server that is back takes to answer, they wait whether the attempt succeeds. */
const PROBE_PATIENCE_MS = 300;

/** Lends connections, opens them when needed, and closes what is suspect. No call waits for long. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle: { connection: MysqlConnection; sinceMs: number }[] = [];
  readonly #waiting: Waiter[] = [];
  /** Open ones and those being opened. */
  #size = 0;
  #away: { readonly error: AppError; readonly untilMs: number } | undefined;
  #probe: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async acquire(): Promise<MysqlConnection> {
    this.#assertOpen();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      const { connection, sinceMs } = idle;
      if (performance.now() - sinceMs < TRUSTED_IDLE_MS || (await isAlive(connection))) {
        return connection;
      }
      this.#discard();
    }
    if (this.#probe !== undefined) {
      await Promise.race([this.#probe, setTimeout(PROBE_PATIENCE_MS)]);
    }
    return this.#size < this.#options.sizeMax ? this.#open() : this.#wait();
  }

  release(connection: MysqlConnection): void {
    if (!connection.isOpen) {
      this.#discard();
      this.#openForWaiting();
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      clearTimeout(waiter.timer);
      waiter.resolve(connection);
      return;
    }
    if (this.#isClosed) {
      connection.end();
      return;
    }
    connection.onClosed = () => this.#forget(connection);
    this.#idle.push({ connection, sinceMs: performance.now() });
  }

  /** Connections that are lent are closed when they come back. */
  close(): void {
    this.#isClosed = true;
    for (const { connection } of this.#idle.splice(0)) connection.end();
    this.#rejectWaiting(this.#closedError());
  }

  async #open(): Promise<MysqlConnection> {
    if (this.#away === undefined) return this.#tryToOpen();
    if (this.#probe !== undefined || performance.now() < this.#away.untilMs) {
      throw again(this.#away.error);
    }
    const probe = this.#tryToOpen();
    this.#probe = probe
      .catch(() => undefined)
      .finally(() => {
        this.#probe = undefined;
      });
    return probe;
  }

  async #tryToOpen(): Promise<MysqlConnection> {
    this.#size += 1;
    try {
      const connection = await this.#options.open();
      this.#away = undefined;
      return connection;
    } catch (thrown) {
      this.#size -= 1;
      const error = toAppError(thrown);
      this.#away = { error, untilMs: performance.now() + PROBE_INTERVAL_MS };
      // With others still lent, those who wait get their turn from them.
      if (this.#size === 0) this.#rejectWaiting(error);
      throw error;
    }
  }

  #wait(): Promise<MysqlConnection> {
    if (this.#waiting.length >= WAITERS_MAX) throw this.#crowdedError();
    return new Promise((resolve, reject) => {
      const timer = setTimer(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(this.#crowdedError());
      }, WAIT_MS_MAX);
      const waiter = { resolve, reject, timer };
      this.#waiting.push(waiter);
    });
  }

  /** In the place of one that broke. */
  #openForWaiting(): void {
    if (this.#waiting.length === 0) return;
    this.#open().then(
      (connection) => this.release(connection),
      () => undefined,
    );
  }

  /** When one broke, those that lie idle are suspect too. */
  #discard(): void {
    this.#size -= 1;
    for (const { connection } of this.#idle.splice(0)) {
      this.#size -= 1;
      connection.onClosed = () => {};
      connection.destroy();
    }
  }

  #forget(connection: MysqlConnection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.#size -= 1;
  }

  #rejectWaiting(error: AppError): void {
    for (const waiter of this.#waiting.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.reject(again(error));
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw this.#closedError();
  }

  #closedError(): AppError {
    const message = `The database ${this.#options.label} is closed; open it again.`;
    return new AppError("STORE_UNAVAILABLE", message, { details: { reason: "closed" } });
  }

  #crowdedError(): AppError {
    const { label, sizeMax } = this.#options;
    const message = `All ${sizeMax} connections to the database ${label} stayed busy for ${WAIT_MS_MAX} ms; try again, and raise the number of connections if this lasts.`;
    return new AppError("STORE_UNAVAILABLE", message, { details: { reason: "busy" } });
  }
}

async function isAlive(connection: MysqlConnection): Promise<boolean> {
  try {
    await connection.run("select 1", PING_MS_MAX);
    return true;
  } catch {
    connection.destroy();
    return false;
  }
}

/** Each caller gets an error of its own, with its own stack. */
function again(error: AppError): AppError {
  return new AppError(error.code, error.message, { cause: error.cause, details: error.details });
}
