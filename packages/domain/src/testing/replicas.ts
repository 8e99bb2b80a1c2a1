/** Heartbeats of made-up replicas, for the tests of this package. */
import type { ReplicaHeartbeat } from "../dispatch/pipeline-messages.ts";

export const MODEL = "small-1";

/** One replica of one part; a model of three stages, the last one in `shardCount` shards. */
export function heartbeatOf(
  replica: string,
  fields: Partial<ReplicaHeartbeat> = {},
): ReplicaHeartbeat {
  return {
    replica,
    stage: 1,
    layerFirst: 1,
    layerLast: 2,
    shard: 0,
    shardCount: 1,
    modelVersions: [MODEL],
    topic: `rec.stage.${fields.stage ?? 1}.v1`,
    ownedPartitions: [0],
    queueDepth: 0,
    inFlight: 0,
    ready: true,
    draining: false,
    startedAtMs: 0,
    sentAtMs: 0,
    ...fields,
  };
}

/** The parts of the usual cut: layers 1-2, 3-4, and 5-6 in shards. */
export function usualParts(shardCount: number): readonly Partial<ReplicaHeartbeat>[] {
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  return [
    { stage: 1, layerFirst: 1, layerLast: 2 },
    { stage: 2, layerFirst: 3, layerLast: 4 },
    ...shards.map((shard) => ({ stage: 3, layerFirst: 5, layerLast: 6, shard, shardCount })),
  ];
}
