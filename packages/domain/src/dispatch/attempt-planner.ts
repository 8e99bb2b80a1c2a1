/** Plans the next attempt of a request: over which replicas, through which partitions, and back. */
import { type Attempt, addressesOf } from "./attempt.ts";
import type { LeaderChoice, LeaderWish } from "./leader-choice.ts";
import type { LiveRequest } from "./live-request.ts";
import type { Address, ReplicaHeartbeat, StageTarget } from "./pipeline-messages.ts";
import type { ReplicaDirectory } from "./replica-directory.ts";
import { planRoute } from "./route-plan.ts";

export type AttemptPlan =
  | { readonly kind: "planned"; readonly attempt: Attempt }
  | {
      readonly kind: "incomplete";
      readonly missing: string;
      /** Replicas that only wait for their partitions would complete it. */
      readonly isComing: boolean;
    };

export interface AttemptPlannerParts {
  readonly directory: ReplicaDirectory;
  readonly leaders: LeaderChoice;
  /** The dispatcher's own partitions, at least one. */
  readonly partialsTo: readonly Address[];
  readonly attemptTimeoutMs: number;
}

export class AttemptPlanner {
  readonly #parts: AttemptPlannerParts;

  constructor(parts: AttemptPlannerParts) {
    this.#parts = parts;
  }

  plan(live: LiveRequest, modelVersion: string, nowMs: number): AttemptPlan {
    const available = this.#parts.directory.available(modelVersion, nowMs);
    const prefer = (left: ReplicaHeartbeat, right: ReplicaHeartbeat): number =>
      this.#prefer(left, right, live.tried, nowMs);
    const route = planRoute(available, prefer);
    if (route.kind === "incomplete") {
      const coming = planRoute(this.#parts.directory.coming(modelVersion, nowMs), prefer);
      return { ...route, isComing: coming.kind === "planned" };
    }
    return { kind: "planned", attempt: this.#attemptOver(route.hosts, live, modelVersion, nowMs) };
  }

  /** The way back is chosen first, and the way there through the same broker if it can be. */
  #attemptOver(
    hosts: readonly ReplicaHeartbeat[],
    live: LiveRequest,
    modelVersion: string,
    nowMs: number,
  ): Attempt {
    const { leaders, attemptTimeoutMs } = this.#parts;
    const avoided = live.attempts.at(-1)?.leaders.at(-1);
    const partialsTo = leaders.choose(this.#parts.partialsTo, { avoided }, nowMs);
    const wish = { preferred: leaders.leaderOf(partialsTo), avoided };
    const targets = hosts.map((host) => this.#targetOn(host, wish, nowMs));
    return {
      number: live.attempts.length + 1,
      modelVersion,
      targets,
      partialsTo,
      leaders: addressesOf({ targets, partialsTo }).map((address) => leaders.leaderOf(address)),
      candidateCount: live.candidateCount,
      sentAtMs: nowMs,
      timeoutAtMs: nowMs + attemptTimeoutMs,
      partials: new Map(),
      isSettled: false,
    };
  }

  #targetOn(host: ReplicaHeartbeat, wish: LeaderWish, nowMs: number): StageTarget {
    const { stage, shard, layerFirst, layerLast, shardCount, replica } = host;
    this.#parts.directory.choose(replica, nowMs);
    return {
      stage,
      shard,
      layerFirst,
      layerLast,
      shardCount,
      replica,
      address: this.#parts.leaders.choose(ownAddresses(host), wish, nowMs),
    };
  }

  /** Whom a working broker leads to first, then who is untried in this request, then by load. */
  #prefer(
    left: ReplicaHeartbeat,
    right: ReplicaHeartbeat,
    tried: ReadonlySet<string>,
    nowMs: number,
  ): number {
    const { leaders } = this.#parts;
    const standingOf = (host: ReplicaHeartbeat): number =>
      leaders.standingOf(ownAddresses(host), nowMs);
    return (
      standingOf(left) - standingOf(right) ||
      Number(tried.has(left.replica)) - Number(tried.has(right.replica)) ||
      this.#parts.directory.compareByLoad(left.replica, right.replica)
    );
  }
}

function ownAddresses({ topic, ownedPartitions }: ReplicaHeartbeat): readonly Address[] {
  return ownedPartitions.map((partition) => ({ topic, partition }));
}
