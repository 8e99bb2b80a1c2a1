import { createKafkaBus, type KafkaBus } from "../src/kafka/kafka-bus.ts";
import type { BusCluster } from "./contract/bench.ts";
import { describeBusContract } from "./contract/contract.ts";
import { brokersUnderTest } from "./kafka-brokers.ts";

describeBusContract("Kafka", async (): Promise<BusCluster> => {
  const buses = new Map<unknown, KafkaBus>();
  return {
    connect: async (clientName) => {
      const bus = await createKafkaBus({ brokers: brokersUnderTest(), clientName, replication: 3 });
      buses.set(bus, bus);
      return bus;
    },
    kill: async (bus) => buses.get(bus)?.kill(),
    // The brokers are shared by other suites: what they keep outlives every connection here.
    // Their own restart is a test of kafka-faults.services.test.ts.
    restart: async () => {},
    close: async () => buses.clear(),
  };
});
