/**
 * A random history of listening, applied to a store and to a plain list of plays. Whatever happens,
 * the store's figures must be those that `recountListening` makes of the list.
 */
import type { SongFacts } from "@segue/statistics/live";
import { type SeededRandom, seededRandom } from "@segue/testkit";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import type { PowerCut } from "./power-cut.ts";
import { applyToList, applyToStore, Dice, type Operation, USERS } from "./random-operations.ts";
import { expectRecounted } from "./recounted.ts";
import { song } from "./samples.ts";

const GENRES = [null, "Pop", "Jazz", ""] as const;
const PLAYS_MAX = 6;
/** A settlement takes some thirty. */
const STATEMENTS_MAX = 60;

export interface HistoryOptions {
  readonly seed: number;
  readonly steps: number;
  /** Of the store, so that power can fail; undefined: it never does. */
  readonly power?: PowerCut;
}

export interface HistoryEnd {
  readonly store: Store;
  readonly crashCount: number;
}

/** Leaves the store as empty of plays as it was. */
export async function runRandomHistory(store: Store, options: HistoryOptions): Promise<HistoryEnd> {
  const history = new RandomHistory(store, options);
  for (let step = 0; step < options.steps; step += 1) await history.step();
  await history.check(3);
  await history.end();
  return { store: history.store, crashCount: history.crashCount };
}

class RandomHistory {
  store: Store;
  crashCount = 0;
  readonly #random: SeededRandom;
  readonly #dice: Dice;
  readonly #power: PowerCut | undefined;
  readonly #plays = new Map<string, Play>();
  readonly #facts = new Map<string, SongFacts>();
  /** What a consumer that dies would do again, from some point on. */
  #uncommitted: Operation[] = [];

  constructor(store: Store, { seed, power }: HistoryOptions) {
    this.store = store;
    this.#random = seededRandom(seed);
    this.#dice = new Dice(this.#random, `${seed}`);
    this.#power = power;
  }

  async step(): Promise<void> {
    const dice = this.#random.between(1, 100);
    if (dice <= 58) await this.#apply(this.#dice.operation(PLAYS_MAX));
    else if (dice <= 70) await this.#crash();
    else if (dice <= 78) await this.#erase(this.#dice.user());
    else if (dice <= 84) await this.#expire(this.#dice.time());
    else if (dice <= 91) await this.#changeCatalogue();
    else if (dice <= 95) await this.store.listening.settle();
    else await this.check(1);
  }

  async check(periods: number): Promise<void> {
    await expectRecounted(this.store, {
      plays: this.#plays.values(),
      facts: (songId) => this.#facts.get(songId),
      ranges: Array.from({ length: periods }, () => this.#dice.range()),
    });
  }

  async end(): Promise<void> {
    for (const user of USERS) await this.store.eraseUser(user);
    this.#plays.clear();
    await this.check(0);
  }

  async #apply(operation: Operation): Promise<void> {
    this.#uncommitted.push(operation);
    await this.#write(operation);
    if (this.#random.between(1, 4) === 1) this.#uncommitted = [];
  }

  async #write(operation: Operation): Promise<void> {
    await applyToStore(this.store, operation);
    applyToList(this.#plays, operation);
  }

  /** In the middle of a write, a settlement, an erasure or an expiry; what was under way comes again. */
  async #crash(): Promise<void> {
    const repeat = await this.#beInterrupted();
    const from = this.#random.between(0, this.#uncommitted.length);
    for (const operation of this.#uncommitted.slice(from)) await this.#write(operation);
    await repeat();
    this.crashCount += 1;
  }

  /** Returns how to do again what was interrupted. */
  async #beInterrupted(): Promise<() => Promise<void>> {
    const dice = this.#random.between(1, 10);
    if (dice <= 4) {
      const operation = this.#dice.operation(PLAYS_MAX);
      await this.#interrupt(() => applyToStore(this.store, operation));
      return () => this.#apply(operation);
    }
    if (dice <= 8) {
      await this.#interrupt(() => this.store.listening.settle());
      return async () => {};
    }
    if (dice === 9) {
      const user = this.#dice.user();
      await this.#interrupt(() => this.#eraseInStore(user));
      return () => this.#erase(user);
    }
    const timeMs = this.#dice.time();
    await this.#interrupt(() => this.#expireInStore(timeMs));
    return () => this.#expire(timeMs);
  }

  async #interrupt(work: () => Promise<unknown>): Promise<void> {
    if (this.#power === undefined) return;
    const statements = this.#random.between(0, STATEMENTS_MAX);
    this.store = await this.#power.interrupt(this.store, statements, work);
  }

  async #erase(user: string): Promise<void> {
    await this.#eraseInStore(user);
    this.#forget((each) => each.user === user);
  }

  async #eraseInStore(user: string): Promise<void> {
    await this.store.eraseUser(user, undefined, this.#random.between(1, 4));
  }

  async #expire(timeMs: number): Promise<void> {
    await this.#expireInStore(timeMs);
    this.#forget((each) => each.playedAtMs < timeMs);
  }

  async #expireInStore(timeMs: number): Promise<void> {
    await this.store.plays.deletePlaysBefore(timeMs, this.#random.between(1, 3));
  }

  /** An erasure takes the user's records out of the log too; expired ones would expire again. */
  #forget(isGone: (play: Play) => boolean): void {
    for (const [identity, each] of this.#plays) if (isGone(each)) this.#plays.delete(identity);
    this.#uncommitted = this.#uncommitted.flatMap((operation): Operation[] => {
      if (operation.kind === "delete") return [operation];
      return [{ ...operation, plays: operation.plays.filter((each) => !isGone(each)) }];
    });
  }

  async #changeCatalogue(): Promise<void> {
    const id = this.#dice.song();
    const facts = {
      title: `Title ${this.#random.between(1, 3)}`,
      artist: `Artist ${this.#random.between(1, 3)}`,
      genre: this.#dice.one(GENRES),
    };
    await this.store.songs.upsertSongs([song(id, facts)]);
    this.#facts.set(id, facts);
  }
}
