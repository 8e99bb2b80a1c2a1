import { describe, expect, test } from "vitest";
import { heartbeatOf, usualParts } from "../testing/replicas.ts";
import type { ReplicaHeartbeat } from "./pipeline-messages.ts";
import { planRoute, type RoutePlan } from "./route-plan.ts";

const byName = (left: ReplicaHeartbeat, right: ReplicaHeartbeat): number =>
  left.replica < right.replica ? -1 : 1;
const plan = (replicas: readonly ReplicaHeartbeat[]): RoutePlan => planRoute(replicas, byName);
const namesOf = (route: RoutePlan): readonly string[] | string =>
  route.kind === "planned" ? route.hosts.map(({ replica }) => replica) : route.missing;
const three = (shardCount: number): readonly ReplicaHeartbeat[] =>
  usualParts(shardCount).map((part) => heartbeatOf(`stage-${part.stage}.${part.shard ?? 0}`, part));

describe("route plan", () => {
  test("goes through every stage and every shard", () => {
    expect(namesOf(plan(three(3)))).toEqual([
      "stage-1.0",
      "stage-2.0",
      "stage-3.0",
      "stage-3.1",
      "stage-3.2",
    ]);
  });

  test("takes the preferred replica of each part", () => {
    const others = three(1).map((replica) => ({ ...replica, replica: `a-${replica.replica}` }));
    expect(namesOf(plan([...three(1), ...others]))).toEqual([
      "a-stage-1.0",
      "a-stage-2.0",
      "a-stage-3.0",
    ]);
  });

  test("names the stage that nobody serves", () => {
    const replicas = three(1).filter(({ stage }) => stage !== 2);
    expect(namesOf(plan(replicas))).toBe("stage 2 (layers 3 and on)");
    expect(namesOf(plan([]))).toBe("stage 1 (layers 1 and on)");
  });

  test("names the shard that nobody serves", () => {
    const replicas = three(3).filter(({ shard }) => shard !== 1);
    expect(namesOf(plan(replicas))).toBe("shard 1 of 3 of stage 3 (layers 5-6)");
  });

  test("is complete with all six layers in one stage", () => {
    const whole = heartbeatOf("whole", { stage: 1, layerFirst: 1, layerLast: 6 });
    expect(namesOf(plan([whole]))).toEqual(["whole"]);
  });

  test("never mixes shards of different divisions", () => {
    const replicas = [
      ...three(1).slice(0, 2),
      heartbeatOf("half", { ...usualParts(2)[2] }),
      heartbeatOf("third", { ...usualParts(3)[3] }),
    ];
    expect(plan(replicas).kind).toBe("incomplete");
    expect(namesOf(plan([...replicas, heartbeatOf("all", { ...usualParts(1)[2] })]))).toEqual([
      "stage-1.0",
      "stage-2.0",
      "all",
    ]);
  });

  test("finds the complete one of two cuts that live side by side", () => {
    const twoStages = [
      heartbeatOf("a-front", { stage: 1, layerFirst: 1, layerLast: 4 }),
      heartbeatOf("a-back", { stage: 2, layerFirst: 5, layerLast: 6 }),
    ];
    expect(namesOf(plan([...twoStages, ...three(1).slice(0, 2)]))).toEqual(["a-front", "a-back"]);
    expect(namesOf(plan([...twoStages.slice(0, 1), ...three(1)]))).toEqual([
      "stage-1.0",
      "stage-2.0",
      "stage-3.0",
    ]);
  });
});
