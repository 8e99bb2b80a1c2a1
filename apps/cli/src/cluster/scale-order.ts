/** What an operator may ask of the numbers of a running cluster. */
import { AppError } from "@segue/errors";
import type { ReplicaPlace } from "@segue/runtime/replica-name";
import { isSamePlace, type ProcessPlan } from "./cluster-plan.ts";

export interface ScaleOrder {
  readonly role: string;
  /** Absent: every stage, every shard. */
  readonly stage?: number | undefined;
  readonly shard?: number | undefined;
  readonly replicas: number;
}

const REPLICAS_MAX = 16;

/** Each stage and shard that the order means. Throws REQUEST_INVALID when it means none. */
export function placesToScale(
  { role, stage, shard, replicas }: ScaleOrder,
  plans: readonly ProcessPlan[],
): readonly ReplicaPlace[] {
  if (role !== "compute") {
    throw new AppError(
      "REQUEST_INVALID",
      `Only compute nodes can be scaled while the cluster runs, not "${role}"; start it with ` +
        "other numbers (`segue cluster up --help`).",
    );
  }
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > REPLICAS_MAX) {
    throw new AppError(
      "REQUEST_INVALID",
      `A stage has 1 to ${REPLICAS_MAX} replicas, not ${replicas}; to take the last one away, kill it.`,
    );
  }
  const places: ReplicaPlace[] = [];
  for (const plan of plans) {
    const isMeant =
      plan.role === "compute" &&
      (stage === undefined || plan.stage === stage) &&
      (shard === undefined || (plan.shard ?? 0) === shard);
    if (isMeant && !places.some((place) => isSamePlace(place, plan))) places.push(plan);
  }
  if (places.length > 0) return places;
  const stages = new Set(plans.flatMap(({ stage: number }) => number ?? []));
  throw new AppError(
    "REQUEST_INVALID",
    `There is no stage ${stage}${shard === undefined ? "" : `, shard ${shard}`}; the stages are ` +
      `${[...stages].join(", ")}, and shards count from 0.`,
  );
}
