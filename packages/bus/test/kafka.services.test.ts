import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { createKafkaBus, type KafkaBus } from "../src/kafka/kafka-bus.ts";
import { type BusCluster, eventually } from "./contract/bench.ts";
import { describeBusContract } from "./contract/contract.ts";
import { brokersUnderTest } from "./kafka-brokers.ts";

async function connectTo(groupProtocol: "consumer" | "classic"): Promise<BusCluster> {
  const brokers = brokersUnderTest();
  const buses = new Map<unknown, KafkaBus>();
  return {
    connect: async (clientName) => {
      const bus = await createKafkaBus({ brokers, clientName, replication: 3, groupProtocol });
      buses.set(bus, bus);
      return bus;
    },
    kill: async (bus) => buses.get(bus)?.kill(),
    // Other suites share the brokers: what these keep outlives every connection made here. Their
    // own restart is in kafka-faults.services.test.ts.
    restart: async () => {},
    close: async () => buses.clear(),
  };
}

describeBusContract("Kafka", () => connectTo("consumer"));
describeBusContract("Kafka with classic groups", () => connectTo("classic"));

test("neighbouring partitions have different leaders, also those a topic has grown by", async () => {
  const bus = await createKafkaBus({
    brokers: brokersUnderTest(),
    clientName: "placement",
    replication: 3,
  });
  onTestFinished(() => bus.close());
  const name = `placement.${randomUUID()}`;
  for (const partitions of [5, 12]) {
    await bus.ensureTopics([{ name, kind: "work", partitions }]);
    await eventually(() => {
      const leaders = Array.from({ length: partitions }, (_, index) => bus.leaderOf(name, index));
      expect(leaders).not.toContain(undefined);
      for (const [index, leader] of leaders.entries()) {
        expect(leader).not.toBe(leaders[index + 1]);
      }
    });
  }
});
