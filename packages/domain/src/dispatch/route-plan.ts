/** One way through all six layers of one model version, from what living replicas say of themselves. */
import type { ReplicaHeartbeat } from "./pipeline-messages.ts";

export const FIRST_LAYER = 1;
export const LAST_LAYER = 6;

export type RoutePlan =
  | {
      readonly kind: "planned";
      /** Stages in order, the last one's shards in order. */
      readonly hosts: readonly ReplicaHeartbeat[];
    }
  | {
      readonly kind: "incomplete";
      /** The first part that nobody serves, such as "layers 3 and on" or "shard 1 of 2 of layers 5-6". */
      readonly missing: string;
    };

/** Replicas that say the same of their layers and share the same division into shards. */
interface Part {
  readonly layerLast: number;
  readonly shardCount: number;
  readonly hostsByShard: ReadonlyMap<number, ReplicaHeartbeat>;
}

/**
 * Chains parts of the model from layer 1 to layer 6. Replicas of different cuts may live side by
 * side (a cluster that is being re-cut): each stage is a run of layers, and only a run that begins
 * where the last one ended, one stage further, carries on.
 *
 * @param available replicas of one model version that may be used
 * @param compare orders replicas of the same part, the preferred first
 */
export function planRoute(
  available: readonly ReplicaHeartbeat[],
  compare: (left: ReplicaHeartbeat, right: ReplicaHeartbeat) => number,
): RoutePlan {
  let furthest = { layer: 0, missing: "" };

  const carryOn = (stage: number, layerFirst: number): readonly ReplicaHeartbeat[] | null => {
    const note = (layer: number, missing: string): void => {
      if (layer > furthest.layer) furthest = { layer, missing };
    };
    note(layerFirst, `stage ${stage} (layers ${layerFirst} and on)`);
    const candidates = available.filter(
      (replica) => replica.stage === stage && replica.layerFirst === layerFirst,
    );
    for (const part of partsOf(candidates, compare)) {
      const missingShard = firstMissingShard(part);
      if (missingShard !== null) {
        const { layerLast, shardCount } = part;
        const layers = `layers ${layerFirst}-${layerLast}`;
        note(layerLast, `shard ${missingShard} of ${shardCount} of stage ${stage} (${layers})`);
        continue;
      }
      const hosts = inShardOrder(part);
      if (part.layerLast >= LAST_LAYER) return hosts;
      const rest = carryOn(stage + 1, part.layerLast + 1);
      if (rest !== null) return [...hosts, ...rest];
    }
    return null;
  };

  const hosts = carryOn(1, FIRST_LAYER);
  return hosts === null
    ? { kind: "incomplete", missing: furthest.missing }
    : { kind: "planned", hosts };
}

function partsOf(
  candidates: readonly ReplicaHeartbeat[],
  compare: (left: ReplicaHeartbeat, right: ReplicaHeartbeat) => number,
): readonly Part[] {
  const parts = new Map<string, Part & { hostsByShard: Map<number, ReplicaHeartbeat> }>();
  for (const replica of [...candidates].sort(compare)) {
    const { layerLast, shardCount, shard } = replica;
    const key = `${layerLast}/${shardCount}`;
    const part = parts.get(key) ?? { layerLast, shardCount, hostsByShard: new Map() };
    if (!part.hostsByShard.has(shard)) part.hostsByShard.set(shard, replica);
    parts.set(key, part);
  }
  return [...parts.values()];
}

function firstMissingShard(part: Part): number | null {
  for (let shard = 0; shard < part.shardCount; shard += 1) {
    if (!part.hostsByShard.has(shard)) return shard;
  }
  return null;
}

function inShardOrder(part: Part): readonly ReplicaHeartbeat[] {
  return [...part.hostsByShard.values()].sort((left, right) => left.shard - right.shard);
}
