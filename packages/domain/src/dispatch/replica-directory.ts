/** Who is alive, what they serve, how busy they are, and how far each can be trusted. */
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

export interface ReplicaDirectoryOptions {
  /** A replica not heard for so long is routed around. */
  readonly heartbeatTimeoutMs: number;
  /** A replica not heard for so long is forgotten. */
  readonly memoryMs: number;
  readonly breaker: BreakerOptions;
}

/** How a request sent to a replica ended, as far as that replica is concerned. */
export type Outcome = "succeeded" | "failed" | "unknown";

interface Entry {
  heartbeat: ReplicaHeartbeat;
  heardAtMs: number;
  breaker: Breaker;
  /** Requests sent from here that have not ended. */
  outstanding: number;
  /** Number of the last choice that fell on it; the one not chosen for longest wins a tie. */
  lastChoice: number;
}

export class ReplicaDirectory {
  readonly #options: ReplicaDirectoryOptions;
  readonly #entries = new Map<string, Entry>();
  #choices = 0;

  constructor(options: ReplicaDirectoryOptions) {
    this.#options = options;
  }

  hear(heartbeat: ReplicaHeartbeat, nowMs: number): void {
    const known = this.#entries.get(heartbeat.replica);
    const isRestart = known !== undefined && heartbeat.startedAtMs > known.heartbeat.startedAtMs;
    if (known !== undefined && !isRestart && heartbeat.sentAtMs <= known.heartbeat.sentAtMs) return;
    // The topic keeps the last words of the dead. A first heartbeat counts as a sign of life only
    // when it is recent; where clocks disagree the next one, which only the living send, decides.
    const isRecent = nowMs - heartbeat.sentAtMs <= this.#options.heartbeatTimeoutMs;
    this.#entries.set(heartbeat.replica, {
      heartbeat,
      heardAtMs: isRecent || known !== undefined ? nowMs : Number.NEGATIVE_INFINITY,
      breaker: known === undefined || isRestart ? newBreaker(nowMs) : known.breaker,
      outstanding: isRestart ? 0 : (known?.outstanding ?? 0),
      lastChoice: known?.lastChoice ?? 0,
    });
  }

  farewell(replica: string): void {
    this.#entries.delete(replica);
  }

  /** Our own pause is not the replicas' silence: nothing could be heard then. */
  forgivePause(pauseMs: number, nowMs: number): void {
    for (const entry of this.#entries.values()) {
      entry.heardAtMs = Math.min(nowMs, entry.heardAtMs + pauseMs);
    }
  }

  isHeardSince(replica: string, sinceMs: number): boolean {
    const entry = this.#entries.get(replica);
    return entry !== undefined && entry.heardAtMs > sinceMs;
  }

  /** Heartbeats of those that may be sent a request now. */
  available(modelVersion: string, nowMs: number): readonly ReplicaHeartbeat[] {
    const found: ReplicaHeartbeat[] = [];
    for (const entry of this.#entries.values()) {
      const { heartbeat } = entry;
      const isServing = heartbeat.ready && !heartbeat.draining;
      if (!isServing || heartbeat.ownedPartitions.length === 0) continue;
      if (!heartbeat.modelVersions.includes(modelVersion)) continue;
      if (!this.#isHeard(entry, nowMs)) continue;
      if (breakerAllows(entry.breaker, this.#options.breaker, nowMs)) found.push(heartbeat);
    }
    return found;
  }

  /** Which of two available replicas to prefer: the less loaded, then the one unused for longer. */
  compareByLoad(left: string, right: string): number {
    const leftEntry = this.#entries.get(left);
    const rightEntry = this.#entries.get(right);
    if (leftEntry === undefined || rightEntry === undefined) return 0;
    return loadOf(leftEntry) - loadOf(rightEntry) || leftEntry.lastChoice - rightEntry.lastChoice;
  }

  /** A request goes to the replica; returns one of its partitions, another one each time. */
  choose(replica: string, nowMs: number): number | undefined {
    const entry = this.#entries.get(replica);
    if (entry === undefined) return undefined;
    this.#choices += 1;
    entry.lastChoice = this.#choices;
    entry.outstanding += 1;
    entry.breaker = breakerChosen(entry.breaker, nowMs);
    const { ownedPartitions } = entry.heartbeat;
    return ownedPartitions[this.#choices % ownedPartitions.length];
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
    for (const [replica, entry] of this.#entries) {
      const lastSignMs = Math.max(entry.heardAtMs, entry.breaker.sinceMs);
      if (nowMs - lastSignMs > this.#options.memoryMs) this.#entries.delete(replica);
    }
  }

  #isHeard(entry: Entry, nowMs: number): boolean {
    return nowMs - entry.heardAtMs <= this.#options.heartbeatTimeoutMs;
  }
}

function loadOf(entry: Entry): number {
  return entry.heartbeat.queueDepth + entry.heartbeat.inFlight + entry.outstanding;
}
