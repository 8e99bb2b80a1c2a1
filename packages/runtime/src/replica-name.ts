/** The place of a process among the others: its role, and the part of the model that it serves. */
export interface ReplicaPlace {
  readonly role: "api" | "dispatcher" | "compute" | "analytics";
  /** From 1; null where the role has no stages. */
  readonly stage: number | null;
  /** From 0; null where the stage is not cut into shards. */
  readonly shard: number | null;
}

/** Its name in heartbeats, receipts and logs, such as `api-1`, `compute-2-1` or `compute-3.0-2`. */
export function replicaNameOf({ role, stage, shard }: ReplicaPlace, instance: number): string {
  const part = stage === null ? "" : `-${stage}${shard === null ? "" : `.${shard}`}`;
  return `${role}${part}-${instance}`;
}

/** Of the compute nodes of a part. */
export function computePlaceOf(part: {
  readonly stage: number;
  readonly shard: number;
  readonly shardCount: number;
}): ReplicaPlace {
  const { stage, shard, shardCount } = part;
  return { role: "compute", stage, shard: shardCount === 1 ? null : shard };
}
