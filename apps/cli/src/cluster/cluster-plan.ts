/** Which processes of Segue a cluster has, and what they are called. */
import { type ReplicaPlace, replicaNameOf } from "@segue/runtime/replica-name";

export interface ProcessPlan extends ReplicaPlace {
  /** From 1 among the processes of its place. */
  readonly instance: number;
  /** Its name, such as `compute-3.0-2`. */
  readonly replica: string;
}

export interface ClusterShape {
  readonly apis: number;
  readonly dispatchers: number;
  readonly analytics: number;
  /** Compute nodes of each stage and shard. */
  readonly replicas: number;
  readonly stages: number;
  /** Into which the last stage is cut. */
  readonly shards: number;
}

/** In the order in which they are told to people. */
export function planProcesses(shape: ClusterShape): readonly ProcessPlan[] {
  return [
    ...instances(API_PLACE, shape.apis),
    ...instances(DISPATCHER_PLACE, shape.dispatchers),
    ...computePlaces(shape).flatMap((place) => instances(place, shape.replicas)),
    ...instances(ANALYTICS_PLACE, shape.analytics),
  ];
}

/** Every stage, and every shard of the last one. */
export function computePlaces({
  stages,
  shards,
}: Pick<ClusterShape, "stages" | "shards">): readonly ReplicaPlace[] {
  return Array.from({ length: stages }, (_, index) => index + 1).flatMap((stage) => {
    const isSharded = stage === stages && shards > 1;
    const own = isSharded ? Array.from({ length: shards }, (_, shard) => shard) : [null];
    return own.map((shard) => ({ role: "compute" as const, stage, shard }));
  });
}

export function planInstance(place: ReplicaPlace, instance: number): ProcessPlan {
  const { role, stage, shard } = place;
  return { role, stage, shard, instance, replica: replicaNameOf(place, instance) };
}

export function isSamePlace(one: ReplicaPlace, other: ReplicaPlace): boolean {
  return one.role === other.role && one.stage === other.stage && one.shard === other.shard;
}

const API_PLACE: ReplicaPlace = { role: "api", stage: null, shard: null };
const DISPATCHER_PLACE: ReplicaPlace = { role: "dispatcher", stage: null, shard: null };
const ANALYTICS_PLACE: ReplicaPlace = { role: "analytics", stage: null, shard: null };

function instances(place: ReplicaPlace, count: number): readonly ProcessPlan[] {
  return Array.from({ length: count }, (_, index) => planInstance(place, index + 1));
}
