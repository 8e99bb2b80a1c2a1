import { createKafkaBus, type KafkaBus } from "../src/kafka/kafka-bus.ts";
import type { BusCluster } from "./contract/bench.ts";
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
