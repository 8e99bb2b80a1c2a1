import { describe, expect, it } from "vitest";
import { ClusterMetadata } from "./cluster-metadata.ts";

function topic(leaders: readonly (readonly [leaderId: number, leaderEpoch: number])[]) {
  return {
    errorCode: 0,
    name: "t",
    topicId: "id",
    isInternal: false,
    topicAuthorizedOperations: 0,
    partitions: leaders.map(([leaderId, leaderEpoch], partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId,
      leaderEpoch,
      replicaNodes: [1, 2, 3],
      isrNodes: [1, 2, 3],
      offlineReplicas: [],
    })),
  };
}

const leadersIn = (metadata: ClusterMetadata) =>
  metadata.topic("t")?.partitions.map(({ leaderId }) => leaderId);

describe("what is known of the cluster", () => {
  it("follows leaders as they move, and tells when something changed", () => {
    const metadata = new ClusterMetadata();
    expect(metadata.learn([topic([[1, 5]])])).toBe(true);
    expect(metadata.learn([topic([[1, 5]])])).toBe(false);
    expect(metadata.learn([topic([[2, 6]])])).toBe(true);
    expect(leadersIn(metadata)).toEqual([2]);
  });

  it("keeps to the newer leader when a broker that was cut off tells of an older one", () => {
    const metadata = new ClusterMetadata();
    metadata.learn([
      topic([
        [2, 6],
        [3, 1],
      ]),
    ]);
    expect(
      metadata.learn([
        topic([
          [1, 5],
          [3, 1],
        ]),
      ]),
    ).toBe(false);
    expect(leadersIn(metadata)).toEqual([2, 3]);
  });

  it("does not forget partitions that one broker has not heard of", () => {
    const metadata = new ClusterMetadata();
    metadata.learn([
      topic([
        [1, 0],
        [2, 0],
      ]),
    ]);
    metadata.learn([topic([[1, 0]])]);
    expect(leadersIn(metadata)).toEqual([1, 2]);
  });
});
