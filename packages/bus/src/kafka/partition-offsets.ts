/** Asks the leaders where the logs of partitions begin and end. */
import { setTimeout as pause } from "node:timers/promises";
import { listOffsetsV7 } from "@platformatic/kafka";
import { toAppError } from "@segue/errors";
import type { BrokerNode } from "./broker-node.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isLeaderMoved, refusedError } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** Special timestamps of the ListOffsets request. */
const TIMESTAMPS = { earliest: -2n, latest: -1n } as const;
const RETRY_DELAY_MS = 50;

export function keyOf({ topic, partition }: PartitionName): string {
  return `${topic}:${partition}`;
}

/**
 * The offset of the first record or behind the last one, by `keyOf`. Waits for leaders, at most
 * `waitMs`; partitions that have none then are missing.
 */
export async function offsetsOf(
  cluster: Cluster,
  partitions: readonly PartitionName[],
  end: keyof typeof TIMESTAMPS,
  waitMs: number,
): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  const endMs = performance.now() + waitMs;
  for (;;) {
    const open = partitions.filter((partition) => !found.has(keyOf(partition)));
    if (open.length === 0) return found;
    if (cluster.isClosed) throw cluster.unavailable("the connection is closed");
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
    }
    if (found.size === partitions.length || performance.now() >= endMs) return found;
    cluster.markStale();
    await pause(RETRY_DELAY_MS);
  }
}

/** Where the log of a partition begins and ends now. Throws BUS_UNAVAILABLE while it has no leader. */
export async function logRangeOf(
  cluster: Cluster,
  name: PartitionName,
): Promise<{ readonly start: bigint; readonly end: bigint }> {
  const [starts, ends] = await Promise.all([
    offsetsOf(cluster, [name], "earliest", TIMES_MS.leaderWait),
    offsetsOf(cluster, [name], "latest", TIMES_MS.leaderWait),
  ]);
  const [start, end] = [starts.get(keyOf(name)), ends.get(keyOf(name))];
  if (start !== undefined && end !== undefined) return { start, end };
  throw cluster.unavailable(`partition ${name.partition} of ${name.topic} has no leader`);
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
  const response = await leader.link("offsets").request(listOffsetsV7.api, -1, 0, topics);
  for (const { name: topic, partitions: answers } of response.topics) {
    for (const { partitionIndex: partition, errorCode, offset } of answers) {
      const errorId = errorIdOf(errorCode);
      if (errorId === "NONE") found.set(keyOf({ topic, partition }), offset);
      else if (!isLeaderMoved(errorId)) throw refusedError(errorId, `tell the offsets of ${topic}`);
    }
  }
}
