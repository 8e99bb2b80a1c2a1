import { createInProcessBroker } from "../src/in-process/in-process-broker.ts";
import { createMemoryDurableLog } from "../src/memory-durable-log.ts";
import type { BusCluster } from "./contract/bench.ts";
import { describeBusContract } from "./contract/contract.ts";

describeBusContract("in-process", async (): Promise<BusCluster> => {
  const durableLog = createMemoryDurableLog();
  let broker = createInProcessBroker({ durableLog });
  const killers = new Map<unknown, () => void>();
  return {
    connect: async (clientName) => {
      const bus = broker.connect(clientName);
      killers.set(bus, () => bus.kill());
      return bus;
    },
    kill: async (bus) => killers.get(bus)?.(),
    restart: async () => {
      broker = createInProcessBroker({ durableLog });
    },
    close: async () => killers.clear(),
  };
});
