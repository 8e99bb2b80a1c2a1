/**
 * Something that may answer late or not at all, read so that nobody waits for it for long: at most
 * one reading is under way, its result serves everybody for a moment, and who asks while it is late
 * gets the one before.
 */
import { type AppError, toAppError } from "@segue/errors";

export interface Reading<Value> {
  /** The last that could be read; undefined before the first. */
  readonly value: Value | undefined;
  /** Why the last reading failed; undefined when it did not. */
  readonly error: AppError | undefined;
  /** How long the reading under way has taken beyond patience; 0 while there is none. */
  readonly lateMs: number;
}

export interface PatientReadingOptions<Value> {
  /** Never called twice at a time. */
  readonly read: () => Promise<Value>;
  /** So long one result serves everybody. */
  readonly freshMs: number;
  /** So long is waited for a result. */
  readonly patienceMs: number;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export class PatientReading<Value> {
  readonly #options: PatientReadingOptions<Value>;
  #value: Value | undefined;
  #error: AppError | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: { readonly sinceMs: number; readonly done: Promise<void> } | undefined;

  constructor(options: PatientReadingOptions<Value>) {
    this.#options = options;
  }

  /** Never rejects, and resolves within patience. */
  async latest(): Promise<Reading<Value>> {
    const { now, freshMs, patienceMs } = this.#options;
    if (now() - this.#readAtMs >= freshMs) {
      this.#reading ??= { sinceMs: now(), done: this.#read() };
      await firstOf(this.#reading.done, this.#reading.sinceMs + patienceMs - now());
    }
    const lateMs =
      this.#reading === undefined ? 0 : Math.max(0, now() - this.#reading.sinceMs - patienceMs + 1);
    return { value: this.#value, error: this.#error, lateMs };
  }

  async #read(): Promise<void> {
    try {
      this.#value = await this.#options.read();
      this.#error = undefined;
    } catch (thrown) {
      this.#error = toAppError(thrown);
    } finally {
      this.#readAtMs = this.#options.now();
      this.#reading = undefined;
    }
  }
}

async function firstOf(done: Promise<void>, withinMs: number): Promise<void> {
  if (withinMs <= 0) return;
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, withinMs);
  await Promise.race([done, late.promise]);
  clearTimeout(timer);
}
