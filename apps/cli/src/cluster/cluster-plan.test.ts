import { describe, expect, it } from "vitest";
import { computePlaces, planProcesses } from "./cluster-plan.ts";

describe("planProcesses", () => {
  it("plans two nodes of each stage behind three API servers and two dispatchers", () => {
    const shape = { apis: 3, dispatchers: 2, analytics: 2, replicas: 2, stages: 3, shards: 1 };
    const plans = planProcesses(shape);
    expect(plans.map(({ replica }) => replica)).toEqual([
      ..."api-1 api-2 api-3 dispatcher-1 dispatcher-2".split(" "),
      ..."compute-1-1 compute-1-2 compute-2-1 compute-2-2 compute-3-1 compute-3-2".split(" "),
      "analytics-1",
      "analytics-2",
    ]);
  });

  it("gives each shard of the last stage nodes of its own", () => {
    const shape = { apis: 1, dispatchers: 1, analytics: 0, replicas: 1, stages: 2, shards: 2 };
    const plans = planProcesses(shape);
    expect(plans.map(({ replica }) => replica)).toEqual([
      ..."api-1 dispatcher-1 compute-1-1 compute-2.0-1 compute-2.1-1".split(" "),
    ]);
    expect(plans.at(-1)).toMatchObject({ role: "compute", stage: 2, shard: 1, instance: 1 });
  });
});

describe("computePlaces", () => {
  it("counts stages from 1 and has no shard where a stage is whole", () => {
    expect(computePlaces({ stages: 1, shards: 1 })).toEqual([
      { role: "compute", stage: 1, shard: null },
    ]);
  });
});
