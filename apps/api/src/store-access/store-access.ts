/**
 * The way of an API server to its database, which may be away or hang. A breaker: after two failures
 * in a row the database counts as away until a probe, sent now and then, is answered; meanwhile
 * nothing waits for what an answer can do without.
 */
import { AppError, toAppError } from "@segue/errors";
import type { Logger } from "@segue/telemetry";

export interface StoreAccessOptions {
  /** A cheap read. */
  readonly probe: () => Promise<unknown>;
  readonly logger: Logger;
  /** Between probes after a failure; four times that otherwise. Default 500. */
  readonly probeIntervalMs?: number;
}

const FAILURES_MAX = 2;
const PROBE_INTERVAL_MS = 500;
const PROBE_WAIT_MS = 1_000;
/** Of a read without which there is no answer. */
const NEEDED_WAIT_MS = 2_000;
/** A write waits so long for the database to be back before its record goes back to the bus. */
const WRITE_PATIENCE_MS = 2_000;

export class StoreAccess {
  readonly #options: StoreAccessOptions;
  #failures = 0;
  #outage: Outage | undefined;
  #isProbing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StoreAccessOptions) {
    this.#options = options;
    this.#probeLater();
  }

  /** Why the database counts as away; undefined while it answers. */
  problem(): AppError | undefined {
    return this.#outage?.problem;
  }

  /** Reads what there is no answer without; STORE_UNAVAILABLE when it does not come within 2 s. */
  need<T>(read: () => Promise<T>): Promise<T> {
    return this.#within(NEEDED_WAIT_MS, read);
  }

  /** Reads what an answer can do without; STORE_UNAVAILABLE at once while the database is away. */
  async attempt<T>(waitMs: number, read: () => Promise<T>): Promise<T> {
    if (this.#outage !== undefined) throw this.#outage.problem;
    return this.#within(waitMs, read);
  }

  /** Writes what came over the bus; while the database is away one probe asks for all that wait. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#outage !== undefined) await this.#outlast(this.#outage);
    return this.#watched(work);
  }

  /** Lets go of what waits. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const go of this.#outage?.waiting ?? []) go();
  }

  async #outlast({ waiting, problem }: Outage): Promise<void> {
    if (this.#isClosed) throw problem;
    // No promise is shared by those that wait: over a long outage it would gather all of them.
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, WRITE_PATIENCE_MS);
    waiting.add(resolve);
    await promise;
    waiting.delete(resolve);
    clearTimeout(timer);
    if (this.#outage !== undefined) throw problem;
  }

  /** A late answer may be this process's own doing; only a late probe speaks against the database. */
  #within<T>(waitMs: number, read: () => Promise<T>): Promise<T> {
    return within(waitMs, this.#watched(read), () => {
      if (!this.#isProbing) void this.#probe();
    });
  }

  async #watched<T>(ask: () => Promise<T>): Promise<T> {
    try {
      const result = await ask();
      this.#failures = 0;
      return result;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isAway(error)) this.#onFailure(error);
      throw error;
    }
  }

  #onFailure(problem: AppError): void {
    this.#failures += 1;
    if (this.#failures < FAILURES_MAX || this.#outage !== undefined) return;
    this.#outage = { problem, sinceMs: performance.now(), waiting: new Set() };
    this.#options.logger.warn({ err: problem }, "store.away");
    if (!this.#isProbing) this.#probeLater();
  }

  #probeLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    const intervalMs = this.#options.probeIntervalMs ?? PROBE_INTERVAL_MS;
    const delayMs = this.#failures === 0 ? 4 * intervalMs : intervalMs;
    this.#timer = setTimeout(() => void this.#probe(), delayMs).unref();
  }

  async #probe(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isProbing = true;
    try {
      await this.#watched(() => within(PROBE_WAIT_MS, this.#options.probe()));
      this.#onAnswered();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== "STORE_UNAVAILABLE") {
        this.#options.logger.error({ err: error }, "store.probe.failed");
      }
    }
    this.#isProbing = false;
    this.#probeLater();
  }

  #onAnswered(): void {
    const outage = this.#outage;
    if (outage === undefined) return;
    this.#outage = undefined;
    const awayMs = Math.round(performance.now() - outage.sinceMs);
    this.#options.logger.info({ awayMs }, "store.back");
    for (const go of outage.waiting) go();
  }
}

/** Figures that are not made yet are the answer of a database that is there. */
function isAway({ code, details }: AppError): boolean {
  return code === "STORE_UNAVAILABLE" && details["reason"] !== "counting";
}

interface Outage {
  readonly problem: AppError;
  readonly sinceMs: number;
  /** Called when it is over. */
  readonly waiting: Set<() => void>;
}

async function within<T>(
  waitMs: number,
  answer: Promise<T>,
  onLate: () => void = () => {},
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onLate();
    const message = `The database did not answer within ${waitMs} ms; check its load and the way to it`;
    // What has arrived while this process was busy still counts as in time.
    setImmediate(() => late.reject(new AppError("STORE_UNAVAILABLE", message)));
  }, waitMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
