/** What can happen to stored plays, at random: on the store, and on a plain list of plays. */
import { type BucketRange, bucketOf } from "@segue/statistics/live";
import type { SeededRandom } from "@segue/testkit";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { play } from "./samples.ts";

export type Operation =
  | { readonly kind: "append"; readonly plays: readonly Play[] }
  | { readonly kind: "delete"; readonly user: string; readonly key: string };

export const USERS = ["ada", "eve", "Åsa 🎧"] as const;

const SECONDS = [null, 0, 29.75, 180, 241.0004, 4_000] as const;
const SONG_COUNT = 8;
const KEYS_MAX = 24;

/** Around these the parts of periods change: a year, a leap day, months, midnight, 1970. */
const MOMENTS = [
  "2025-12-31T23:50:00Z",
  "2024-02-29T12:00:00Z",
  "2026-01-31T23:59:59.999Z",
  "2026-03-29T01:00:00Z",
  "2023-07-15T08:07:00Z",
  "1970-01-01T00:00:00Z",
] as const;

export async function applyToStore(store: Store, operation: Operation): Promise<void> {
  if (operation.kind === "append") await store.plays.appendPlays(operation.plays);
  else await store.plays.deletePlay(operation.user, operation.key);
}

/** The list by user and key. */
export function applyToList(plays: Map<string, Play>, operation: Operation): void {
  if (operation.kind === "delete") plays.delete(identityOf(operation));
  else for (const each of operation.plays) plays.set(identityOf(each), each);
}

export class Dice {
  readonly #random: SeededRandom;
  readonly #songPrefix: string;

  /** Songs are named with the prefix, so that histories on one store do not share them. */
  constructor(random: SeededRandom, songPrefix: string) {
    this.#random = random;
    this.#songPrefix = songPrefix;
  }

  operation(playsMax: number): Operation {
    if (this.#random.between(1, 65) > 50) return { kind: "delete", ...this.key() };
    return { kind: "append", plays: this.plays(playsMax) };
  }

  /** From one to so many. */
  plays(countMax: number): Play[] {
    return Array.from({ length: this.#random.between(1, countMax) }, () => {
      const isNamed = this.#random.between(1, 5) === 1;
      return play(this.key().key, {
        user: this.user(),
        songId: isNamed ? null : this.song(),
        title: isNamed ? `Name ${this.#random.between(1, 2)}` : null,
        artist: isNamed ? `Artist ${this.#random.between(1, 2)}` : null,
        playedAtMs: this.time(),
        seconds: this.one(SECONDS),
      });
    });
  }

  time(): number {
    const minutes = this.#random.between(-120, 120);
    return Date.parse(this.one(MOMENTS)) + minutes * 60_000 + this.one([0, 0, 1, -1]);
  }

  range(): BucketRange {
    const edges = [this.time(), this.time()].map(bucketOf);
    return { fromBucket: Math.min(...edges), toBucket: Math.max(...edges) };
  }

  key(): { user: string; key: string } {
    return { user: this.user(), key: `k${this.#random.between(1, KEYS_MAX)}` };
  }

  user(): string {
    return this.one(USERS);
  }

  song(): string {
    return `s${this.#songPrefix}-${this.#random.between(1, SONG_COUNT)}`;
  }

  one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.#random.between(0, items.length - 1)] ?? items[0];
  }
}

function identityOf({ user, key }: { readonly user: string; readonly key: string }): string {
  return JSON.stringify([user, key]);
}
