import { describe, expect, it } from "vitest";
import type { Process } from "../api/system-wire.ts";
import {
  sampleNode,
  sampleProcess,
  sampleProcesses,
  sampleState,
  watchedAll,
} from "./testing/sample-system.ts";
import { lagOf, topicName, topologyOf } from "./topology.ts";

function topologyFor(processes: readonly Process[]) {
  return topologyOf(watchedAll(sampleState({ processes })).processes);
}

describe("the topology", () => {
  it("follows a request from the API to the last stage", () => {
    const { lanes, brokers, databases } = topologyFor(sampleProcesses());
    expect(lanes.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
      "API: checks and answers",
      "Dispatchers: plan and merge",
      "Stage 1: layers 1–2",
      "Stage 2: layers 3–4",
      "Stage 3: layers 5–6",
    ]);
    expect(lanes.flatMap(({ groups }) => groups.map(({ topic }) => topic))).toEqual([
      null,
      "rec.requests.v1",
      "rec.stage.1.v1",
      "rec.stage.2.v1",
      "rec.stage.3.v1",
    ]);
    expect([...brokers, ...databases]).toEqual([]);
  });

  it("begins with the balancer of a local cluster, and stands on its brokers and database", () => {
    const service = (role: string, replica: string) =>
      sampleProcess({ role, replica, heardAtMs: null });
    const { lanes, brokers, databases } = topologyFor([
      service("balancer", "balancer"),
      ...sampleProcesses(),
      service("broker", "broker-1"),
      service("database", "database"),
    ]);
    expect(lanes[0]?.groups[0]?.processes[0]?.replica).toBe("balancer");
    expect(brokers.map(({ replica }) => replica)).toEqual(["broker-1"]);
    expect(databases.map(({ replica }) => replica)).toEqual(["database"]);
  });

  it("keeps the analytics processes beside the way of a request", () => {
    const analytics = ["analytics-1", "analytics-2"].map((replica) =>
      sampleProcess({ replica, heardAtMs: null }),
    );
    const { lanes, ...beside } = topologyFor([...analytics, ...sampleProcesses()]);
    expect(beside.analytics.map(({ replica }) => replica)).toEqual(["analytics-1", "analytics-2"]);
    expect(lanes.map(({ key }) => key)).not.toContain("analytics");
  });

  it("shows a stage that nobody serves", () => {
    const { lanes } = topologyFor(sampleProcesses().filter(({ stage }) => stage !== 2));
    expect(lanes[3]).toMatchObject({ title: "Stage 2", detail: "no replica" });
    expect(lanes[3]?.groups).toEqual([{ topic: "rec.stage.2.v1", shard: null, processes: [] }]);
  });

  it("gives every shard its own topic, also one that nobody serves", () => {
    const shard = (number: number) => sampleNode(3, 1, { shard: number, shardCount: 3 });
    const { lanes } = topologyFor([...sampleProcesses().slice(0, 9), shard(0), shard(2)]);
    const groups = lanes.at(-1)?.groups.map(({ topic, processes }) => [topic, processes.length]);
    expect(groups).toEqual([
      ["rec.stage.3.0.v1", 1],
      ["rec.stage.3.1.v1", 0],
      ["rec.stage.3.2.v1", 1],
    ]);
  });
});

describe("the lag of a topic", () => {
  it("sums its groups, and is unknown where nobody reads in a group", () => {
    const lag = [
      { topic: "plays.v1", group: "a", lag: 2 },
      { topic: "plays.v1", group: "b", lag: 3 },
    ];
    expect([lagOf("plays.v1", lag), lagOf("rec.replies.v1", lag)]).toEqual([5, null]);
    expect(topicName("rec.stage.3.0.v1")).toBe("rec.stage.3.0");
  });
});
