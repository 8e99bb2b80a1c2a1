/**
 * The brokers between the processes: each leads a third of the partitions, and when it dies or hangs
 * another takes them over after a while. Until then a dead one refuses and a hanging one swallows.
 */
import type { Address } from "../../dispatch/pipeline-messages.ts";
import type { WorldConditions } from "./world-conditions.ts";
import { BROKERS, brokerName, HEARTBEATS } from "./world-plan.ts";

/** So long a partition is without a leader that works. */
const ELECTION_MS = 1_500;
/** A client learns so late that a leader has died. */
const NOTICE_MS = 100;

/** What becomes of a message. */
export type Fate = "carried" | "refused" | "swallowed";

export class SimulatedBrokers {
  readonly #conditions: WorldConditions;

  constructor(conditions: WorldConditions) {
    this.#conditions = conditions;
  }

  /** As a client knows it: a hanging leader is not found out before another is elected. */
  leaderOf(address: Address): string | undefined {
    const first = firstLeaderOf(address);
    switch (this.#stateOf(brokerName(first))) {
      case "working":
      case "hanging":
        return brokerName(first);
      case "dead":
        return this.#isNoticed(brokerName(first)) ? undefined : brokerName(first);
      case "replaced":
        return brokerName((first + 1) % BROKERS);
    }
  }

  fateOf(address: Address): Fate {
    const leader = this.leaderOf(address);
    if (leader === undefined) return "refused";
    const state = this.#stateOf(leader);
    if (state === "working") return "carried";
    return state === "dead" ? "refused" : "swallowed";
  }

  /** A beat goes to a partition of every broker, and one that works is enough. */
  get carriesHeartbeats(): boolean {
    if (this.#conditions.isUnder("quiet", HEARTBEATS)) return false;
    const brokers = Array.from({ length: BROKERS }, (_, index) => brokerName(index));
    return brokers.some((broker) => this.#stateOf(broker) === "working");
  }

  #isNoticed(broker: string): boolean {
    return (this.#conditions.timeUnder("kill", broker) ?? 0) >= NOTICE_MS;
  }

  #stateOf(broker: string): "working" | "dead" | "hanging" | "replaced" {
    const deadMs = this.#conditions.timeUnder("kill", broker);
    const hangingMs = this.#conditions.timeUnder("freeze", broker);
    const awayMs = Math.max(deadMs ?? -1, hangingMs ?? -1);
    if (awayMs < 0) return "working";
    if (awayMs >= ELECTION_MS) return "replaced";
    return deadMs === undefined ? "hanging" : "dead";
  }
}

function firstLeaderOf({ topic, partition }: Address): number {
  return (topic.length + partition) % BROKERS;
}
