/**
 * Listeners whose players tell everything that they heard, change their mind and take plays back, and
 * who write down what was accepted. A call that no server answered goes to another one, as a player
 * sends it again, under the same key.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { SeededRandom } from "@segue/testkit";

export interface HeardPlay {
  readonly user: string;
  readonly key: string;
  readonly songId: string;
  readonly playedAtMs: number;
  readonly seconds: number;
}

export interface ListeningBookOptions {
  readonly users: readonly string[];
  readonly songIds: readonly string[];
  /** API servers. */
  readonly addresses: readonly string[];
  readonly random: SeededRandom;
}

const PLAYS_AT_ONCE_MAX = 10;
const CALL_TIMEOUT_MS = 5_000;
const CALLS_MAX = 100;
const PAUSE_MS = 50;
/** Of a listener that was heard on a few days. */
const FIRST_PLAY_MS = Date.parse("2026-03-01T00:00:00Z");
const SPAN_MS = 4 * 24 * 60 * 60 * 1000;

export class ListeningBook {
  readonly #options: ListeningBookOptions;
  readonly #plays = new Map<string, HeardPlay>();
  #keys = 0;
  #callsAgain = 0;

  constructor(options: ListeningBookOptions) {
    this.#options = options;
  }

  /** What there is by what was accepted, without what was taken back. */
  get plays(): readonly HeardPlay[] {
    return [...this.#plays.values()];
  }

  /** How often a call was sent again because nobody answered it. */
  get callsAgain(): number {
    return this.#callsAgain;
  }

  /** Until the signal comes; every listener sends one call after another. */
  async fill(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#options.users.map(async (user) => {
        while (!signal.aborted) await this.#act(user);
      }),
    );
  }

  async #act(user: string): Promise<void> {
    const { random } = this.#options;
    const own = this.plays.filter((play) => play.user === user);
    const dice = random.between(1, 10);
    const [known] = own.length === 0 ? [] : random.sample(own, 1);
    if (known === undefined || dice <= 7) {
      const count = random.between(1, PLAYS_AT_ONCE_MAX);
      await this.#tell(Array.from({ length: count }, () => this.#heard(user, this.#nextKey())));
    } else if (dice <= 9) {
      await this.#tell([this.#heard(user, known.key)]);
    } else {
      await this.#takeBack(known);
    }
  }

  #nextKey(): string {
    this.#keys += 1;
    return `play-${this.#keys}`;
  }

  #heard(user: string, key: string): HeardPlay {
    const { random, songIds } = this.#options;
    const [songId = ""] = random.sample(songIds, 1);
    const playedAtMs = FIRST_PLAY_MS + random.between(0, SPAN_MS);
    return { user, key, songId, playedAtMs, seconds: random.between(1, 400) };
  }

  async #tell(plays: readonly HeardPlay[]): Promise<void> {
    const sent = plays.map(({ playedAtMs, ...play }) => {
      return { ...play, playedAt: new Date(playedAtMs).toISOString() };
    });
    await this.#callUntilAccepted("/v1/plays", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ plays: sent }),
    });
    for (const play of plays) this.#plays.set(play.key, play);
  }

  async #takeBack({ user, key }: HeardPlay): Promise<void> {
    await this.#callUntilAccepted(`/v1/plays/${key}?user=${user}`, { method: "DELETE" });
    this.#plays.delete(key);
  }

  async #callUntilAccepted(path: string, init: RequestInit): Promise<void> {
    const { addresses, random } = this.#options;
    for (let calls = 0; calls < CALLS_MAX; calls += 1) {
      const [address] = random.sample(addresses, 1);
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      const status = await fetch(new URL(path, address), { ...init, signal }).then(
        (response) => response.status,
        () => undefined,
      );
      // What is taken back already was taken back by the call that nobody answered.
      if (status === 202 || (status === 404 && calls > 0)) return;
      if (status !== undefined && status < 500) throw new Error(`${path} was answered ${status}`);
      this.#callsAgain += 1;
      await pause(PAUSE_MS);
    }
    throw new Error(`${path} was not accepted by any server`);
  }
}
