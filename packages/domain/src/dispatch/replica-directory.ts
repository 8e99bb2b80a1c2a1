/** Who serves what, how busy they are, and how far each can be trusted. */
import {
  type Breaker,
  type BreakerOptions,
  breakerAllows,
  breakerChosen,
  breakerFailed,
  breakerReleased,
  breakerSucceeded,
  newBreaker,
} from "./breaker.ts";
import type { ReplicaHeartbeat } from "./pipeline-messages.ts";
import { Presence, type PresenceOptions } from "./presence.ts";

export interface ReplicaDirectoryOptions extends PresenceOptions {
  readonly breaker: BreakerOptions;
}

/** How a request sent to a replica ended, as far as that replica is concerned. */
export type Outcome = "succeeded" | "failed" | "unknown";

interface Entry {
  heartbeat: ReplicaHeartbeat;
  breaker: Breaker;
  /** Requests sent from here that have not ended. */
  outstanding: number;
  /** Number of the last choice that fell on it; the one not chosen for longest wins a tie. */
  lastChoice: number;
}

export class ReplicaDirectory {
  readonly presence: Presence;
  readonly #options: ReplicaDirectoryOptions;
  readonly #entries = new Map<string, Entry>();
  #choices = 0;

  constructor(options: ReplicaDirectoryOptions) {
    this.#options = options;
    this.presence = new Presence(options);
  }

  hear(heartbeat: ReplicaHeartbeat, nowMs: number, isHistory = false): void {
    const news = this.presence.hear(heartbeat, nowMs, isHistory);
    if (news === "nothing") return;
    const known = this.#entries.get(heartbeat.replica);
    const isNew = known === undefined || news === "life";
    this.#entries.set(heartbeat.replica, {
      heartbeat,
      breaker: isNew ? newBreaker(nowMs) : known.breaker,
      outstanding: isNew ? 0 : known.outstanding,
      lastChoice: known?.lastChoice ?? 0,
    });
  }

  farewell(replica: string): void {
    this.presence.farewell(replica);
    this.#entries.delete(replica);
  }

  /**
   * Heartbeats of those that may be sent a request now. Where breakers would shut out every replica
   * of a part, they shut out none of it: replicas that all live and all fail are most likely
   * overloaded, and no answer from any would be worse than a late one from some.
   */
  available(modelVersion: string, nowMs: number): readonly ReplicaHeartbeat[] {
    const serving = [...this.#entries.values()].filter(({ heartbeat }) =>
      this.#isServing(heartbeat, modelVersion, nowMs),
    );
    const allowed = serving.filter(({ breaker }) => this.#allows(breaker, nowMs));
    const servedParts = new Set(allowed.map(({ heartbeat }) => partKeyOf(heartbeat)));
    const lastResorts = serving.filter(({ heartbeat }) => !servedParts.has(partKeyOf(heartbeat)));
    return [...allowed, ...lastResorts].map(({ heartbeat }) => heartbeat);
  }

  /** Heartbeats of those that serve, or will as soon as the bus hands partitions over to them. */
  coming(modelVersion: string, nowMs: number): readonly ReplicaHeartbeat[] {
    return [...this.#entries.values()]
      .map(({ heartbeat }) => heartbeat)
      .filter((heartbeat) => this.#isReadyFor(heartbeat, modelVersion, nowMs));
  }

  /** Which of two available replicas to prefer: the less loaded, then the one unused for longer. */
  compareByLoad(left: string, right: string): number {
    const leftEntry = this.#entries.get(left);
    const rightEntry = this.#entries.get(right);
    if (leftEntry === undefined || rightEntry === undefined) return 0;
    return loadOf(leftEntry) - loadOf(rightEntry) || leftEntry.lastChoice - rightEntry.lastChoice;
  }

  /** A request goes to the replica. */
  choose(replica: string, nowMs: number): void {
    const entry = this.#entries.get(replica);
    if (entry === undefined) return;
    this.#choices += 1;
    entry.lastChoice = this.#choices;
    entry.outstanding += 1;
    // A last resort is no probe: how it ends says nothing while the breaker is open.
    if (this.#allows(entry.breaker, nowMs)) entry.breaker = breakerChosen(entry.breaker, nowMs);
  }

  settle(replica: string, outcome: Outcome, sentAtMs: number, nowMs: number): void {
    const entry = this.#entries.get(replica);
    if (entry === undefined) return;
    entry.outstanding = Math.max(0, entry.outstanding - 1);
    switch (outcome) {
      case "succeeded":
        entry.breaker = breakerSucceeded(entry.breaker, sentAtMs, nowMs);
        break;
      case "failed":
        entry.breaker = breakerFailed(entry.breaker, this.#options.breaker, sentAtMs, nowMs);
        break;
      case "unknown":
        entry.breaker = breakerReleased(entry.breaker, sentAtMs, nowMs);
        break;
    }
  }

  breakers(): ReadonlyMap<string, Breaker> {
    return new Map([...this.#entries].map(([replica, entry]) => [replica, entry.breaker]));
  }

  forgetSilent(nowMs: number): void {
    this.presence.forgetSilent(nowMs);
    for (const replica of this.#entries.keys()) {
      if (this.presence.heardAtMs(replica) === undefined) this.#entries.delete(replica);
    }
  }

  #isServing(heartbeat: ReplicaHeartbeat, modelVersion: string, nowMs: number): boolean {
    return heartbeat.ownedPartitions.length > 0 && this.#isReadyFor(heartbeat, modelVersion, nowMs);
  }

  #isReadyFor(heartbeat: ReplicaHeartbeat, modelVersion: string, nowMs: number): boolean {
    const { ready, draining, modelVersions, replica } = heartbeat;
    return (
      ready &&
      !draining &&
      modelVersions.includes(modelVersion) &&
      this.presence.isHeard(replica, nowMs)
    );
  }

  #allows(breaker: Breaker, nowMs: number): boolean {
    return breakerAllows(breaker, this.#options.breaker, nowMs);
  }
}

/** Replicas with the same key can stand in for each other. */
function partKeyOf({ layerFirst, layerLast, shard, shardCount }: ReplicaHeartbeat): string {
  return [layerFirst, layerLast, shard, shardCount].join("/");
}

function loadOf({ heartbeat, outstanding }: Entry): number {
  return heartbeat.queueDepth + heartbeat.inFlight + outstanding;
}
