/**
 * A random history of listening, applied to a store and to a plain list of plays. Whatever happens,
 * the store's figures must be those that `recountListening` makes of the list.
 */
import {
  ALL_TIME,
  type BucketRange,
  bucketOf,
  recountListening,
  type SongFacts,
} from "@segue/statistics/live";
import { type SeededRandom, seededRandom } from "@segue/testkit";
import { expect } from "vitest";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { play, song } from "./samples.ts";

const USERS = ["ada", "eve", "Åsa 🎧"] as const;
const GENRES = [null, "Pop", "Jazz", ""] as const;
const SECONDS = [null, 0, 29.75, 180, 241.0004, 4_000] as const;
const SONG_COUNT = 8;
const KEYS_MAX = 24;
const LIMIT = 5;

/** Around these the parts of periods change: a year, a leap day, months, midnight, 1970. */
const MOMENTS = [
  "2025-12-31T23:50:00Z",
  "2024-02-29T12:00:00Z",
  "2026-01-31T23:59:59.999Z",
  "2026-03-29T01:00:00Z",
  "2023-07-15T08:07:00Z",
  "1970-01-01T00:00:00Z",
] as const;

type Operation =
  | { readonly kind: "append"; readonly plays: readonly Play[] }
  | { readonly kind: "delete"; readonly user: string; readonly key: string };

export interface HistoryOptions {
  readonly seed: number;
  readonly steps: number;
  /** Closes the store without a word to it, and opens it again; undefined: it cannot be. */
  readonly reopen?: (store: Store) => Promise<Store>;
}

/** Leaves the store as empty of plays as it was. */
export async function runRandomHistory(store: Store, options: HistoryOptions): Promise<Store> {
  const history = new RandomHistory(store, options);
  for (let step = 0; step < options.steps; step += 1) await history.step();
  await history.check(3);
  await history.end();
  return history.store;
}

class RandomHistory {
  store: Store;
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #reopen: HistoryOptions["reopen"];
  readonly #plays = new Map<string, Play>();
  readonly #facts = new Map<string, SongFacts>();
  /** What a consumer that dies would do again, from some point on. */
  #uncommitted: Operation[] = [];

  constructor(store: Store, { seed, reopen }: HistoryOptions) {
    this.store = store;
    this.#seed = seed;
    this.#random = seededRandom(seed);
    this.#reopen = reopen;
  }

  async step(): Promise<void> {
    const dice = this.#random.between(1, 100);
    if (dice <= 50) await this.#apply({ kind: "append", plays: this.#somePlays() });
    else if (dice <= 65) await this.#apply({ kind: "delete", ...this.#someKey() });
    else if (dice <= 75) await this.#crash();
    else if (dice <= 82) await this.#erase();
    else if (dice <= 90) await this.#changeCatalogue();
    else if (dice <= 95) await this.store.listening.settle();
    else await this.check(1);
  }

  async check(periods: number): Promise<void> {
    const ranges = [ALL_TIME, ...Array.from({ length: periods }, () => this.#someRange())];
    for (const range of ranges) {
      for (const user of [undefined, ...USERS]) {
        const question = { range, limit: LIMIT, ...(user === undefined ? {} : { user }) };
        const found = await this.store.listening.readListening(question);
        const facts = (songId: string) => this.#facts.get(songId);
        expect({ user, range, ...found }).toEqual({
          user,
          range,
          ...recountListening(this.#plays.values(), { ...question, facts }),
        });
      }
    }
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
    if (operation.kind === "delete") {
      await this.store.plays.deletePlay(operation.user, operation.key);
      this.#plays.delete(identityOf(operation));
      return;
    }
    await this.store.plays.appendPlays(operation.plays);
    for (const each of operation.plays) this.#plays.set(identityOf(each), each);
  }

  async #crash(): Promise<void> {
    if (this.#reopen !== undefined) this.store = await this.#reopen(this.store);
    const from = this.#random.between(0, this.#uncommitted.length);
    for (const operation of this.#uncommitted.slice(from)) await this.#write(operation);
  }

  async #erase(): Promise<void> {
    const user = this.#someUser();
    await this.store.eraseUser(user);
    for (const [identity, each] of this.#plays) {
      if (each.user === user) this.#plays.delete(identity);
    }
    // An erasure takes the user's records out of the log too.
    this.#uncommitted = this.#uncommitted.flatMap((operation): Operation[] => {
      if (operation.kind === "delete") return operation.user === user ? [] : [operation];
      return [{ ...operation, plays: operation.plays.filter((each) => each.user !== user) }];
    });
  }

  async #changeCatalogue(): Promise<void> {
    const id = this.#someSong();
    const facts = {
      title: `Title ${this.#random.between(1, 3)}`,
      artist: `Artist ${this.#random.between(1, 3)}`,
      genre: this.#one(GENRES),
    };
    await this.store.songs.upsertSongs([song(id, facts)]);
    this.#facts.set(id, facts);
  }

  #somePlays(): Play[] {
    const count = this.#random.between(1, 6);
    return Array.from({ length: count }, () => {
      const isNamed = this.#random.between(1, 5) === 1;
      return play(this.#someKey().key, {
        user: this.#someUser(),
        songId: isNamed ? null : this.#someSong(),
        title: isNamed ? `Name ${this.#random.between(1, 2)}` : null,
        artist: isNamed ? `Artist ${this.#random.between(1, 2)}` : null,
        playedAtMs: this.#someTime(),
        seconds: this.#one(SECONDS),
      });
    });
  }

  #someTime(): number {
    const minutes = this.#random.between(-120, 120);
    return Date.parse(this.#one(MOMENTS)) + minutes * 60_000 + this.#one([0, 0, 1, -1]);
  }

  #someRange(): BucketRange {
    const edges = [this.#someTime(), this.#someTime()].map(bucketOf);
    return { fromBucket: Math.min(...edges), toBucket: Math.max(...edges) };
  }

  #someKey(): { user: string; key: string } {
    return { user: this.#someUser(), key: `k${this.#random.between(1, KEYS_MAX)}` };
  }

  #someUser(): string {
    return this.#one(USERS);
  }

  #someSong(): string {
    return `s${this.#seed}-${this.#random.between(1, SONG_COUNT)}`;
  }

  #one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.#random.between(0, items.length - 1)] ?? items[0];
  }
}

function identityOf({ user, key }: { readonly user: string; readonly key: string }): string {
  return JSON.stringify([user, key]);
}
