/**
 * Which brokers to go through. An attempt keeps to one of them as far as it can, so that a broker
 * that dies or hangs is met by some attempts, not by all, and the next attempt goes through another.
 */
import type { Address } from "./pipeline-messages.ts";

/** Name of the broker that leads a partition, or undefined while none does that can be reached. */
export type LeaderOf = (address: Address) => string | undefined;

export interface LeaderWish {
  /** Go through this one where possible. */
  readonly preferred?: string | undefined;
  /** Rather not through this one. */
  readonly avoided?: string | undefined;
}

export class LeaderChoice {
  readonly #leaderOf: LeaderOf;
  readonly #suspicionMs: number;
  readonly #suspectedAtMs = new Map<string, number>();
  #choices = 0;

  constructor(leaderOf: LeaderOf, suspicionMs: number) {
    this.#leaderOf = leaderOf;
    this.#suspicionMs = suspicionMs;
  }

  leaderOf(address: Address): string | undefined {
    return this.#leaderOf(address);
  }

  /** What went through it did not come back, or could not be sent. */
  suspect(leaders: readonly (string | undefined)[], nowMs: number): void {
    for (const leader of leaders) {
      if (leader !== undefined) this.#suspectedAtMs.set(leader, nowMs);
    }
  }

  isSuspected(leader: string | undefined, nowMs: number): boolean {
    const suspectedAtMs = leader === undefined ? undefined : this.#suspectedAtMs.get(leader);
    return suspectedAtMs !== undefined && nowMs - suspectedAtMs <= this.#suspicionMs;
  }

  /** How far the best of the addresses can be relied upon; less is better. */
  standingOf(addresses: readonly Address[], nowMs: number): number {
    return Math.min(
      ...addresses.map((address) => this.#standingOf(this.#leaderOf(address), nowMs)),
    );
  }

  /**
   * One of the addresses: reachable before unreachable, trusted before suspected, then as wished;
   * in turn among equals. There must be one.
   */
  choose(addresses: readonly Address[], wish: LeaderWish, nowMs: number): Address {
    const ranks = addresses.map((address) => this.#rankOf(address, wish, nowMs));
    const best = Math.min(...ranks);
    const equals = addresses.filter((_, index) => ranks[index] === best);
    this.#choices += 1;
    const chosen = equals[this.#choices % equals.length];
    if (chosen === undefined) throw new Error("there is no address to choose from");
    return chosen;
  }

  /** Less is better. */
  #rankOf(address: Address, { preferred, avoided }: LeaderWish, nowMs: number): number {
    const leader = this.#leaderOf(address);
    const isOther = preferred !== undefined && leader !== preferred;
    const wishes = 2 * Number(leader === avoided) + Number(isOther);
    return 4 * this.#standingOf(leader, nowMs) + wishes;
  }

  /** 0: trusted, 1: suspected, 2: not there. */
  #standingOf(leader: string | undefined, nowMs: number): number {
    return leader === undefined ? 2 : Number(this.isSuspected(leader, nowMs));
  }
}
