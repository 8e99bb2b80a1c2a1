/** The offsets that a group has committed. */
import { setTimeout as pause } from "node:timers/promises";
import { offsetCommitV8, offsetCommitV9, offsetFetchV8 } from "@platformatic/kafka";
import { toAppError } from "@segue/errors";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isCoordinatorMoved, isRetryable, refusedError } from "./kafka-error.ts";
import type { MemberIdentity } from "./membership.ts";
import { keyOf, type PartitionName } from "./partition-offsets.ts";

const RETRY_DELAY_MS = 100;
const TIMEOUT_MS = 10_000;

export interface OffsetCommit extends PartitionName {
  readonly offset: bigint;
}

/** `retry`: the same commit may succeed later; `lost`: this member is none any more. */
export type CommitOutcome = "stored" | "retry" | "lost";

/** Committed offsets by `keyOf`; partitions without one are missing. */
export async function fetchGroupOffsets(
  cluster: Cluster,
  group: string,
  partitions: readonly PartitionName[],
): Promise<Map<string, bigint>> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, own]) => ({
    name,
    partitionIndexes: own.map(({ partition }) => partition),
  }));
  const endMs = performance.now() + TIMEOUT_MS;
  for (let reason = ""; performance.now() < endMs && !cluster.isClosed; ) {
    try {
      const node = await cluster.coordinatorOf(group);
      const request = [{ groupId: group, memberId: null, memberEpoch: -1, topics }];
      const response = await node.link("offsets").request(offsetFetchV8.api, request, false);
      const [answer] = response.groups;
      const errorId = errorIdOf(answer?.errorCode ?? 0);
      if (answer !== undefined && errorId === "NONE") return offsetsIn(answer.topics);
      if (!isRetryable(errorId)) throw refusedError(errorId, `tell the offsets of group ${group}`);
      cluster.forgetCoordinator(group);
      reason = errorId;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== "BUS_UNAVAILABLE") throw error;
      cluster.forgetCoordinator(group);
      reason = error.message;
    }
    await pause(RETRY_DELAY_MS);
    if (performance.now() >= endMs) throw cluster.unavailable(reason);
  }
  throw cluster.unavailable("the connection is closed");
}

function offsetsIn(
  topics: offsetFetchV8.OffsetFetchResponse["groups"][number]["topics"],
): Map<string, bigint> {
  const offsets = new Map<string, bigint>();
  for (const { name: topic, partitions } of topics) {
    for (const { partitionIndex: partition, committedOffset } of partitions) {
      if (committedOffset >= 0n) offsets.set(keyOf({ topic, partition }), committedOffset);
    }
  }
  return offsets;
}

export async function commitGroupOffsets(
  cluster: Cluster,
  group: string,
  identity: MemberIdentity,
  protocol: "consumer" | "classic",
  commits: readonly OffsetCommit[],
): Promise<CommitOutcome> {
  const topics = [...Map.groupBy(commits, ({ topic }) => topic)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedLeaderEpoch: -1,
      committedMetadata: "",
    })),
  }));
  // Only version 9 knows member epochs, and older brokers know only version 8.
  const { api } = protocol === "consumer" ? offsetCommitV9 : offsetCommitV8;
  const node = await cluster.coordinatorOf(group);
  const { memberId, epoch } = identity;
  const response = await node.link("commit").request(api, group, epoch, memberId, null, topics);
  const answers = response.topics.flatMap(({ partitions }) => partitions);
  const errorId = errorIdOf(answers.find(({ errorCode }) => errorCode !== 0)?.errorCode ?? 0);
  if (errorId === "NONE") return "stored";
  if (MEMBER_LOST.has(errorId)) return "lost";
  // The epoch moved on meanwhile; the next heartbeat brings the new one.
  if (errorId === "STALE_MEMBER_EPOCH" || errorId === "REBALANCE_IN_PROGRESS") return "retry";
  if (isCoordinatorMoved(errorId)) cluster.forgetCoordinator(group);
  if (isRetryable(errorId)) return "retry";
  throw refusedError(errorId, `store the offsets of group ${group}`);
}

const MEMBER_LOST = new Set(["UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH", "ILLEGAL_GENERATION"]);
