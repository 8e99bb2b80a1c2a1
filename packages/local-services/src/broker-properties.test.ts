import { describe, expect, it } from "vitest";
import { type BrokerNode, renderBrokerProperties } from "./broker-properties.ts";

const NODES: readonly BrokerNode[] = [1, 2, 3].map((id) => ({
  id,
  port: 20_000 + id,
  controllerPort: 21_000 + id,
}));

function settingsOf(nodes: readonly BrokerNode[]): ReadonlyMap<string, string> {
  const [node = { id: 0, port: 0, controllerPort: 0 }] = nodes;
  const lines = renderBrokerProperties(node, nodes, "/data/1").trim().split("\n");
  return new Map(lines.map((line) => line.split("=", 2) as [string, string]));
}

describe("the settings of a broker", () => {
  it("keep three copies, of which two must have a record", () => {
    const settings = settingsOf(NODES);
    expect(settings.get("default.replication.factor")).toBe("3");
    expect(settings.get("offsets.topic.replication.factor")).toBe("3");
    expect(settings.get("min.insync.replicas")).toBe("2");
  });

  it("ask of a lone broker what it can do alone", () => {
    const settings = settingsOf(NODES.slice(0, 1));
    const factors = [...settings].filter(([name]) =>
      /replication\.factor|min\.isr|insync/.test(name),
    );
    expect(factors.length).toBeGreaterThan(5);
    expect(factors.filter(([, value]) => value !== "1")).toEqual([]);
  });

  it("name every voter and open nothing beyond this machine", () => {
    const settings = settingsOf(NODES);
    expect(settings.get("controller.quorum.voters")).toBe(
      "1@127.0.0.1:21001,2@127.0.0.1:21002,3@127.0.0.1:21003",
    );
    expect(settings.get("listeners")).toBe(
      "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:21001",
    );
  });
});
