/** How far each group is behind, as the brokers know it. */
import { listGroupsV4, offsetFetchV8 } from "@platformatic/kafka";
import type { PartitionLag } from "../bus.ts";
import type { BrokerNode } from "./broker-node.ts";
import type { Cluster } from "./cluster.ts";
import { keyOf, offsetsOf, type PartitionName } from "./partition-offsets.ts";

interface GroupPosition extends PartitionName {
  readonly group: string;
  readonly offset: bigint;
}

/** Of every group in the cluster, for the topics that this process has used. */
export async function readLag(cluster: Cluster): Promise<PartitionLag[]> {
  const topics = new Set(cluster.knownTopics().map(({ name }) => name));
  const found = await Promise.all(cluster.upNodes().map((node) => positionsAt(node, topics)));
  const positions = found.flat();
  const names = [...new Map(positions.map((name) => [keyOf(name), name])).values()];
  const [ends, starts] = await Promise.all([
    offsetsOf(cluster, names, "latest", 0),
    offsetsOf(cluster, names, "earliest", 0),
  ]);
  return positions.flatMap(({ topic, partition, group, offset }) => {
    const key = keyOf({ topic, partition });
    const [start, end] = [starts.get(key), ends.get(key)];
    // Without a leader nobody knows.
    if (start === undefined || end === undefined) return [];
    // What retention has removed is no longer waiting for anybody.
    const from = offset > start ? offset : start;
    return [{ topic, partition, group, lag: Math.max(0, Number(end - from)) }];
  });
}

/** Each broker tells of the groups that it coordinates. */
async function positionsAt(
  node: BrokerNode,
  topics: ReadonlySet<string>,
): Promise<GroupPosition[]> {
  const link = node.link("offsets");
  const { groups } = await link.request(listGroupsV4.api, [], []);
  if (groups.length === 0) return [];
  const requests = groups.map(({ groupId }) => ({
    groupId,
    memberId: null,
    memberEpoch: -1,
    topics: null as unknown as [],
  }));
  const response = await link.request(offsetFetchV8.api, requests, false);
  return response.groups.flatMap(({ groupId: group, topics: read }) =>
    read
      .filter(({ name }) => topics.has(name))
      .flatMap(({ name: topic, partitions }) =>
        partitions
          .filter(({ committedOffset }) => committedOffset >= 0n)
          .map(({ partitionIndex: partition, committedOffset: offset }) => {
            return { group, topic, partition, offset };
          }),
      ),
  );
}
