/** Who gets which partition in the older group protocol, in rounds that stop nothing that stays. */
import { decodeConsumerProtocolSubscription } from "@platformatic/kafka";
import { assignPartitions } from "../in-process/assignment.ts";
import { keyOf, type PartitionName } from "./partition-offsets.ts";

export interface Subscriber {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly owned: readonly PartitionName[];
}

export function parseSubscriber(memberId: string, metadata: Buffer): Subscriber {
  const { topics, ownedPartitions } = decodeConsumerProtocolSubscription(metadata);
  const owned = ownedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
  return { memberId, topics, owned };
}

/**
 * The partitions of each member for this round. One that is to move but is still owned goes to
 * nobody: its owner gives it up and joins again, and the next round has a place for it.
 */
export function assignCooperatively(
  subscribers: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, PartitionName[]> {
  const members = subscribers.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const assigned = new Map(members.map(({ memberId }) => [memberId, [] as PartitionName[]]));
  const owners = new Map<string, string>();
  for (const { memberId, owned } of members) {
    for (const name of owned) owners.set(keyOf(name), memberId);
  }
  for (const [topic, count] of partitionCounts) {
    const ids = members.filter(({ topics }) => topics.includes(topic)).map((own) => own.memberId);
    const current = Array.from({ length: count }, (_, partition) =>
      owners.get(keyOf({ topic, partition })),
    );
    for (const [partition, memberId] of assignPartitions(ids, current).entries()) {
      const owner = current[partition];
      if (memberId === undefined || (owner !== undefined && owner !== memberId)) continue;
      assigned.get(memberId)?.push({ topic, partition });
    }
  }
  return assigned;
}

export function byTopic(
  names: readonly PartitionName[],
): { topic: string; partitions: number[] }[] {
  return [...Map.groupBy(names, ({ topic }) => topic)].map(([topic, own]) => ({
    topic,
    partitions: own.map(({ partition }) => partition).toSorted((left, right) => left - right),
  }));
}
