import { setTimeout as pause } from "node:timers/promises";
import type { AppError } from "@segue/errors";
import { readCounter } from "../sql/counter.ts";
import type { Database } from "../sql/database.ts";
import { assertCounted, countingError } from "./counting-error.ts";
import { DamagePauses } from "./damage-pauses.ts";
import { warnOfDamage } from "./listening-damage.ts";
import { hasPendingPlays, newestNote, settleSomeListening } from "./settle-listening.ts";

/** Notes that nobody asks for gather so long. */
const INTERVAL_MS = 500;
/** Well within the patience of a balancer, so that whoever asks hears why. */
const QUESTION_MS_MAX = 1_000;
/**
 * Between two settlements the database is others' for as long as the last one took, or so long:
 * many questions while plays stream in must not take the writer away from the plays. A question may
 * meet one settlement, this rest, and its own.
 */
const REST_MS_MAX = 200;

/** Settles in the background, so that a question seldom finds much to settle. */
export class ListeningSettler {
  readonly #database: Database;
  readonly #damagePauses = new DamagePauses();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #restUntilMs = 0;
  /** After damage; until then stored plays are not counted. */
  #fillFromMs = 0;
  #fillTimer: NodeJS.Timeout | undefined;
  /** Settlements by any process, when this one last looked. */
  #settlements: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** There is, or may be, something to settle. */
  soon(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // Nothing is lost: the notes stay, and the next question says what is wrong.
      this.#settleUnlessOthersDo().catch(() => undefined);
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * Resolves when all that is noted now is settled; STORE_UNAVAILABLE when that takes longer than a
   * question can wait, as while stored plays are being counted.
   */
  async settleNoted(): Promise<void> {
    if (!(await hasPendingPlays(this.#database))) return;
    const waited = new AbortController();
    const tooLong = pause(QUESTION_MS_MAX, "too long", { signal: waited.signal });
    const outcome = await Promise.race([this.#join(), tooLong.catch(() => undefined)]);
    waited.abort();
    if (outcome !== "too long") return;
    if (await hasPendingPlays(this.#database)) throw await countingError(this.#database.read);
  }

  /** Settles until nothing is left; STORE_UNAVAILABLE while counting anew has to wait. */
  async settleAll(): Promise<void> {
    while (!this.#isClosed && (await hasPendingPlays(this.#database))) {
      await this.#join();
      if (!this.#mayFill) await assertCounted(this.#database.read);
    }
  }

  /** Waits for the step under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#fillTimer);
    await Promise.allSettled([this.#next, this.#current]);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  get #mayFill(): boolean {
    return performance.now() >= this.#fillFromMs;
  }

  async #settleUnlessOthersDo(): Promise<void> {
    if (await this.#doOthersSettle()) this.soon();
    else await this.#join();
  }

  /** Several processes that settle a little each would write the same tallies several times. */
  async #doOthersSettle(): Promise<boolean> {
    const before = this.#settlements;
    this.#settlements = await readCounter(this.#database.read, "listening");
    return before !== undefined && before !== this.#settlements;
  }

  /** Whoever asks before a settlement begins shares it. */
  #join(): Promise<void> {
    this.#next ??= this.#settleInTurn();
    return this.#next;
  }

  async #settleInTurn(): Promise<void> {
    await this.#current.catch(() => undefined);
    const restMs = Math.max(0, this.#restUntilMs - performance.now());
    await pause(restMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    this.#next = undefined;
    this.#current = this.#settle();
    await this.#current;
  }

  async #settle(): Promise<void> {
    const startedAtMs = performance.now();
    // What comes in meanwhile is for the next time.
    const lastSequence = await newestNote(this.#database);
    const onDamage = (damage: AppError) => this.#onDamage(damage);
    for (let isMore = true; isMore && !this.#isClosed; ) {
      const fills = this.#mayFill;
      isMore = await settleSomeListening(this.#database, { lastSequence, fills, onDamage });
    }
    this.#settlements = await readCounter(this.#database.read, "listening");
    const endedAtMs = performance.now();
    this.#restUntilMs = endedAtMs + Math.min(REST_MS_MAX, endedAtMs - startedAtMs);
  }

  #onDamage(damage: AppError): void {
    const nowMs = performance.now();
    const pauseMs = this.#damagePauses.next(nowMs);
    this.#fillFromMs = nowMs + pauseMs;
    clearTimeout(this.#fillTimer);
    this.#fillTimer = setTimeout(() => this.soon(), pauseMs).unref();
    warnOfDamage(damage, pauseMs);
  }
}
