import { describe, expect, it } from "vitest";
import type { Process } from "../api/system-wire.ts";
import { healthSentence } from "./health-wording.ts";
import { orderWarning } from "./order-warning.ts";
import { factsOf, partitionsWording } from "./process-facts.ts";
import {
  START_MS,
  sampleNode,
  sampleProcess,
  sampleProcesses,
  sampleState,
  watchedAll,
  withChanged,
} from "./testing/sample-system.ts";

function seen(processes: readonly Process[], replica: string) {
  const watch = watchedAll(sampleState({ processes }));
  const process = watch.processes.find((one) => one.replica === replica);
  if (process === undefined) throw new Error(`no ${replica}`);
  return { process, processes: watch.processes };
}

describe("the facts of a process", () => {
  it("say what a node serves and for how long", () => {
    const node = sampleNode(3, 1, {
      shard: 1,
      shardCount: 2,
      topic: "rec.stage.3.1.v1",
      ownedPartitions: [3, 0, 1],
      restarts: 1,
    });
    const facts = new Map(factsOf(seen([node], node.replica).process, START_MS));
    expect(facts.get("Role")).toBe("Stage 3 of 3, shard 1 of 2: layers 5–6");
    expect(facts.get("Owns of rec.stage.3.1")).toBe("partitions 0–1, 3");
    expect(facts.get("Up for")).toBe("60 s, 1 restart");
  });

  it("claim no load and no uptime of one that is down", () => {
    const node = sampleNode(1, 1, { health: "dead", pid: null, heardAtMs: START_MS - 2_000 });
    const names = factsOf(seen([node], node.replica).process, START_MS).map(([name]) => name);
    expect(names).toEqual(["Role", "Last heard", "Product"]);
  });

  it("say where an analytics process is called and where its metrics are", () => {
    const analytics = sampleProcess({
      replica: "analytics-1",
      heardAtMs: null,
      version: null,
      port: 9_001,
      address: "127.0.0.1:9002",
      memoryBytes: 200 * 2 ** 20,
    });
    expect(factsOf(seen([analytics], analytics.replica).process, START_MS)).toEqual([
      ["Role", "Analytics, over gRPC"],
      ["Up for", "60 s"],
      ["Memory", "200 MiB"],
      ["Process id", 100],
      ["gRPC", "port 9001"],
      ["Health, metrics", "127.0.0.1:9002"],
    ]);
  });

  it("tell in a sentence what the supervisor says of it", () => {
    const sentenceOf = (fields: Partial<Process>) =>
      healthSentence(seen([sampleNode(1, 1, fields)], "compute-1-1").process);
    const detail = "was ended by SIGKILL";
    expect(sentenceOf({ health: "stopped", detail })).toBe("It was ended by SIGKILL.");
    expect(sentenceOf({ health: "dead", detail: "Port 9 is taken." })).toBe("Port 9 is taken.");
    expect(sentenceOf({})).toBe("It serves.");
  });

  it.each([
    [[], "no partition"],
    [[4], "partition 4"],
    [[0, 1, 2, 3], "partitions 0–3"],
    [[7, 1, 2, 9], "partitions 1–2, 7, 9"],
  ])("tell partitions %j as %s", (partitions, text) => {
    expect(partitionsWording(partitions)).toBe(text);
  });
});

describe("the warning before an order", () => {
  const warningFor = (
    replica: string,
    changes: Readonly<Record<string, Partial<Process>>> = {},
  ) => {
    const extra = ["balancer", "analytics-1", "analytics-2", "broker-1", "database"].map((name) =>
      sampleProcess({ replica: name }),
    );
    const all = withChanged([...sampleProcesses(), ...extra], changes);
    const { process, processes } = seen(all, replica);
    return orderWarning(process, processes);
  };

  it("is given for what everybody shares", () => {
    for (const replica of ["balancer", "broker-1", "database"]) {
      expect(warningFor(replica)).not.toBeNull();
    }
  });

  it("is given for the last replica alone", () => {
    expect(warningFor("compute-2-1")).toBeNull();
    expect(warningFor("compute-2-1", { "compute-2-2": { health: "paused" } })).toContain(
      "neighbour lists",
    );
    expect(warningFor("api-1", { "api-2": { health: "dead" } })).toBeNull();
    expect(warningFor("analytics-1")).toBeNull();
    expect(warningFor("analytics-1", { "analytics-2": { health: "dead" } })).toContain("gRPC");
  });
});
