/** What is known of topics and who leads their partitions; older news never replaces newer. */
import type { metadataV12 } from "@platformatic/kafka";

export interface PartitionFacts {
  /** -1 while there is none. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicas: number;
}

export interface TopicFacts {
  readonly name: string;
  readonly id: string;
  /** By index. */
  readonly partitions: readonly PartitionFacts[];
}

type MetadataTopic = metadataV12.MetadataResponse["topics"][number];

export class ClusterMetadata {
  readonly #topics = new Map<string, TopicFacts>();
  readonly #names = new Map<string, string>();

  topic(name: string): TopicFacts | undefined {
    return this.#topics.get(name);
  }

  nameOf(topicId: string): string | undefined {
    return this.#names.get(topicId);
  }

  topics(): IterableIterator<TopicFacts> {
    return this.#topics.values();
  }

  /** True when something is different now. */
  learn(topics: readonly MetadataTopic[]): boolean {
    return topics.map((topic) => this.#learn(topic)).includes(true);
  }

  #learn(topic: MetadataTopic): boolean {
    const { name } = topic;
    if (typeof name !== "string") return false;
    const known = this.#topics.get(name);
    if (topic.errorCode !== 0) return false;
    const isSame = known?.id === topic.topicId;
    const partitions = topic.partitions
      .toSorted((left, right) => left.partitionIndex - right.partitionIndex)
      .map((partition, index) => {
        const before = isSame ? known.partitions[index] : undefined;
        // A broker that just came back, or is cut off, still tells of leaders that are no more.
        if (before !== undefined && before.leaderEpoch > partition.leaderEpoch) return before;
        const { leaderId, leaderEpoch, replicaNodes } = partition;
        return { leaderId, leaderEpoch, replicas: replicaNodes.length };
      });
    if (isSame && known.partitions.length > partitions.length) return false;
    this.#topics.set(name, { name, id: topic.topicId, partitions });
    this.#names.set(topic.topicId, name);
    return !isSame || !isEqual(known.partitions, partitions);
  }
}

function isEqual(left: readonly PartitionFacts[], right: readonly PartitionFacts[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ leaderId, leaderEpoch }, index) => {
      const other = right[index];
      return other?.leaderId === leaderId && other.leaderEpoch === leaderEpoch;
    })
  );
}
