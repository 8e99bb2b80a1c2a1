/** Asks the leaders where the logs of partitions begin and end. */
import { setTimeout as pause } from "node:timers/promises";
import { listOffsetsV7 } from "@platformatic/kafka";
import { toAppError } from "@segue/errors";
import type { BrokerNode } from "./broker-node.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isLeaderMoved, refusedError } from "./kafka-error.ts";

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** Special timestamps of the ListOffsets request. */
const TIMESTAMPS = { earliest: -2n, latest: -1n } as const;
const RETRY_DELAY_MS = 50;
const TIMEOUT_MS = 10_000;

export function keyOf({ topic, partition }: PartitionName): string {
  return `${topic}:${partition}`;
}

/** The offset of the first or behind the last record, by `keyOf`. Waits for leaders, at most 10 s. */
export async function offsetsOf(
  cluster: Cluster,
  partitions: readonly PartitionName[],
  end: keyof typeof TIMESTAMPS,
): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  const endMs = performance.now() + TIMEOUT_MS;
  for (let reason = "no leader"; ; ) {
    const open = partitions.filter((partition) => !found.has(keyOf(partition)));
    if (open.length === 0) return found;
    if (cluster.isClosed || performance.now() > endMs) throw cluster.unavailable(reason);
    const byLeader = Map.groupBy(open, ({ topic, partition }) =>
      cluster.leaderOf(topic, partition),
    );
    const asked = [...byLeader].map(async ([leader, own]) => {
      if (leader !== undefined) await ask(leader, own, TIMESTAMPS[end], found);
    });
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === "fulfilled") continue;
      const error = toAppError(outcome.reason);
      if (error.code !== "BUS_UNAVAILABLE") throw error;
      reason = error.message;
    }
    if (found.size === partitions.length) return found;
    cluster.markStale();
    await pause(RETRY_DELAY_MS);
  }
}

/** Where the log of a partition begins and ends now. */
export async function logRangeOf(
  cluster: Cluster,
  name: PartitionName,
): Promise<{ readonly start: bigint; readonly end: bigint }> {
  const [starts, ends] = await Promise.all([
    offsetsOf(cluster, [name], "earliest"),
    offsetsOf(cluster, [name], "latest"),
  ]);
  return { start: starts.get(keyOf(name)) ?? 0n, end: ends.get(keyOf(name)) ?? 0n };
}

async function ask(
  leader: BrokerNode,
  partitions: readonly PartitionName[],
  timestamp: bigint,
  found: Map<string, bigint>,
): Promise<void> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: -1,
      timestamp,
    })),
  }));
  const response = await leader.link("group").request(listOffsetsV7.api, -1, 0, topics);
  for (const { name: topic, partitions: answers } of response.topics) {
    for (const { partitionIndex: partition, errorCode, offset } of answers) {
      const errorId = errorIdOf(errorCode);
      if (errorId === "NONE") found.set(keyOf({ topic, partition }), offset);
      else if (!isLeaderMoved(errorId)) throw refusedError(errorId, `tell the offsets of ${topic}`);
    }
  }
}
