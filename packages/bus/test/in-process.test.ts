import { describe, expect, test, vi } from "vitest";
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

describe("in-process bus over a log that has forgotten", () => {
  test("catches up over what retention has removed, and counts no lag for it", async () => {
    const log = createMemoryDurableLog();
    const pruned = { ...log, read: async () => [], endOffset: async () => 5n };
    const bus = createInProcessBroker({ durableLog: pruned }).connect("reader");
    await bus.ensureTopics([{ name: "plays.v1", kind: "durable", partitions: 1 }]);
    const onCaughtUp = vi.fn<() => void>();
    const handler = async () => {};
    const place = { topic: "plays.v1", partitions: [0] };
    await bus.read({ ...place, from: "earliest", handler, onCaughtUp });
    await bus.subscribe({ group: "g", topics: ["plays.v1"], handler });
    await vi.waitFor(() => expect(onCaughtUp).toHaveBeenCalledTimes(1));
    await vi.waitFor(async () => expect((await bus.lag())[0]?.lag).toBe(0));
    await bus.close();
  });
});
