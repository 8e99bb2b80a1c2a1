/** One sending of a request through a route, and what came back of it. */
import type { ShardScores } from "../answer/candidate-merge.ts";
import type { LeaderOf } from "./leader-choice.ts";
import type { Address, ShardPartial, StageTarget } from "./pipeline-messages.ts";
import type { ReplicaDirectory } from "./replica-directory.ts";

export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly modelVersion: string;
  readonly targets: readonly StageTarget[];
  readonly partialsTo: Address;
  /** Who led each address of the route when it was sent, the way back last. */
  readonly leaders: readonly (string | undefined)[];
  /** Rows asked of each shard. */
  readonly candidateCount: number;
  readonly sentAtMs: number;
  timeoutAtMs: number;
  /** By shard; the first of each counts, repeats are dropped. */
  readonly partials: Map<number, ShardPartial>;
  /** The replicas on the route have been told how it ended. */
  isSettled: boolean;
}

export function addressesOf({
  targets,
  partialsTo,
}: Pick<Attempt, "targets" | "partialsTo">): readonly Address[] {
  return [...targets.map(({ address }) => address), partialsTo];
}

/** Whether a partition of its route has lost or changed its leader, and maybe the records between. */
export function isLeaderLost(attempt: Attempt, leaderOf: LeaderOf): boolean {
  return addressesOf(attempt).some((address, index) => {
    const leader = leaderOf(address);
    return leader === undefined || leader !== attempt.leaders[index];
  });
}

export function lastStageOf(attempt: Attempt): number {
  return attempt.targets.at(-1)?.stage ?? 0;
}

/** Scores of every shard of the route, or null while one is missing. */
export function completeScores(attempt: Attempt): readonly ShardScores[] | null {
  const lastStage = lastStageOf(attempt);
  const shardCount = attempt.targets.filter((target) => target.stage === lastStage).length;
  return attempt.partials.size === shardCount ? [...attempt.partials.values()] : null;
}

/**
 * Whether a partial can be merged. It comes from another process, maybe of another version of
 * this program, so its shape is checked before it decides an answer.
 */
export function isMergeable(
  partial: ShardPartial,
  attempt: Attempt,
  variantCount: number,
  songCount: number,
): boolean {
  const count = partial.rows.length;
  return (
    partial.modelVersion === attempt.modelVersion &&
    attempt.targets.some(
      (target) => target.stage === partial.stage && target.shard === partial.shard,
    ) &&
    partial.stage === lastStageOf(attempt) &&
    partial.scores.length === count &&
    partial.artistIds.length === count &&
    partial.versionGroupIds.length === count &&
    partial.variantScores.length === variantCount * count &&
    partial.rows.every((row) => row < songCount)
  );
}

/** Tells every replica of the route that its part succeeded. */
export function settleSucceeded(
  attempt: Attempt,
  directory: ReplicaDirectory,
  nowMs: number,
): void {
  settle(attempt, directory, nowMs, () => "succeeded");
}

/** Ended by something that says nothing of the replicas, such as an answer from another attempt. */
export function settleUnknown(attempt: Attempt, directory: ReplicaDirectory, nowMs: number): void {
  settle(attempt, directory, nowMs, () => "unknown");
}

/**
 * Nothing came in time: blames those that did not report. Replicas silent since it was sent explain
 * it alone; and where some shards reported, the stages before them have done their part.
 * Returns the blamed.
 */
export function settleTimedOut(
  attempt: Attempt,
  directory: ReplicaDirectory,
  nowMs: number,
): readonly string[] {
  const lastStage = lastStageOf(attempt);
  const hasReported = (target: StageTarget): boolean =>
    attempt.partials.size > 0 && (target.stage < lastStage || attempt.partials.has(target.shard));
  const suspects = attempt.targets.filter((target) => !hasReported(target));
  const silent = suspects.filter(
    (target) => !directory.presence.isHeardSince(target.replica, attempt.sentAtMs),
  );
  const blamed = new Set((silent.length > 0 ? silent : suspects).map((target) => target.replica));
  settle(attempt, directory, nowMs, (target) => {
    if (blamed.has(target.replica)) return "failed";
    return hasReported(target) ? "succeeded" : "unknown";
  });
  return [...blamed];
}

/** A stage said that it could not: the stages before it could, of those behind it nothing is known. */
export function settleFailed(
  attempt: Attempt,
  partial: ShardPartial,
  isReplicaAtFault: boolean,
  directory: ReplicaDirectory,
  nowMs: number,
): void {
  settle(attempt, directory, nowMs, (target) => {
    if (target.stage < partial.stage) return "succeeded";
    const isTheOne = target.stage === partial.stage && target.shard === partial.shard;
    return isTheOne && isReplicaAtFault ? "failed" : "unknown";
  });
}

function settle(
  attempt: Attempt,
  directory: ReplicaDirectory,
  nowMs: number,
  outcomeOf: (target: StageTarget) => "succeeded" | "failed" | "unknown",
): void {
  if (attempt.isSettled) return;
  attempt.isSettled = true;
  for (const target of attempt.targets) {
    directory.settle(target.replica, outcomeOf(target), attempt.sentAtMs, nowMs);
  }
}
