/**
 * What every bus must do, told through its interface alone. Each implementation runs this suite
 * against the real thing; topics and groups have random names, so a shared cluster will do.
 */
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { Bus } from "../../src/bus.ts";
import type { Bench, BusCluster } from "./bench.ts";
import { describeCommits, describeFailingHandlers } from "./delivery.ts";
import { describeGroups, describeRebalance } from "./groups.ts";
import { describeClosedConnection, describeLives, describeRecords } from "./records.ts";
import {
  describeCompactedTopics,
  describeDurableTopics,
  describeFixedPartitions,
  describeTopics,
} from "./topics.ts";

export function describeBusContract(name: string, createCluster: () => Promise<BusCluster>): void {
  describe(`bus contract: ${name}`, () => {
    let cluster: BusCluster;
    let connected: Bus[] = [];

    beforeAll(async () => {
      cluster = await createCluster();
    });
    afterEach(async () => {
      await Promise.all(connected.map((bus) => bus.close()));
      connected = [];
    });
    afterAll(() => cluster.close());

    const bench: Bench = {
      connect: async (clientName = "member") => {
        const bus = await cluster.connect(clientName);
        connected.push(bus);
        return bus;
      },
      kill: (bus) => cluster.kill(bus),
      restart: () => cluster.restart(),
    };
    describeRecords(bench);
    describeLives(bench);
    describeClosedConnection(bench);
    describeTopics(bench);
    describeFixedPartitions(bench);
    describeCompactedTopics(bench);
    describeDurableTopics(bench);
    describeGroups(bench);
    describeRebalance(bench);
    describeCommits(bench);
    describeFailingHandlers(bench);
  });
}
