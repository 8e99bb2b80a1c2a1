/** What a process of a running cluster says and does when something that it needs is not right. */
import { startFaultProxy } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { flipWeightByte } from "../../packages/store/test/mysql/damaged-model.ts";
import { type Segue, startSegue } from "../e2e/run-segue.ts";
import type { Cluster } from "./cluster.ts";

const UNUSED_INSTANCE = "9";
const TIMEOUT_MS = 120_000;

/** One more process, with the settings of a living one of its kind but for these. */
async function startLike(
  cluster: Cluster,
  replica: string,
  args: readonly string[],
  settings: Record<string, string>,
): Promise<Segue> {
  const own = await cluster.settingsOf(replica);
  const segue = startSegue(args, {
    ...own,
    SEGUE_INSTANCE: UNUSED_INSTANCE,
    SEGUE_OPERATIONS_PORT: "0",
    ...settings,
  });
  onTestFinished(async () => {
    segue.kill("SIGKILL");
    await segue.ended;
  });
  return segue;
}

export function describeBadLuck(clusterOf: () => Cluster): void {
  describe("one more process", { timeout: TIMEOUT_MS }, () => {
    it("waits for Kafka, says which brokers it tried, and works once it is there", async () => {
      const cluster = clusterOf();
      const { SEGUE_KAFKA_BROKERS: brokers = "" } = await cluster.settingsOf("dispatcher-1");
      const port = Number(brokers.split(",")[0]?.split(":")[1]);
      const proxy = await startFaultProxy({ host: "127.0.0.1", port });
      onTestFinished(() => proxy.close());
      proxy.set({ kind: "cut" });
      const address = `127.0.0.1:${proxy.port}`;
      const dispatcher = await startLike(cluster, "dispatcher-1", ["dispatcher"], {
        SEGUE_KAFKA_BROKERS: address,
      });
      const [said] = await dispatcher.says(/^.*BUS_UNAVAILABLE.*$/m);
      expect(said).toContain(address);
      proxy.restore();
      await dispatcher.says(/"replica":"dispatcher-9"/);
      dispatcher.kill("SIGTERM");
      expect((await dispatcher.ended).code).toBe(0);
    });

    it("stops in order while it waits for a broker that is not there", async () => {
      const dispatcher = await startLike(clusterOf(), "dispatcher-1", ["dispatcher"], {
        SEGUE_KAFKA_BROKERS: "127.0.0.1:1",
      });
      const [said] = await dispatcher.says(/^.*BUS_UNAVAILABLE.*$/m);
      expect(said).toContain("127.0.0.1:1");
      dispatcher.kill("SIGTERM");
      expect((await dispatcher.ended).code).not.toBeNull();
    });

    it("refuses a wrong database password without saying it", async () => {
      const cluster = clusterOf();
      const { SEGUE_DATABASE_URL: right = "" } = await cluster.settingsOf("compute-1-1");
      const url = new URL(right);
      url.password = "hunter2";
      const compute = await startLike(cluster, "compute-1-1", ["compute", "--stage", "1"], {
        SEGUE_DATABASE_URL: url.href,
      });
      const { code, stderr, stdout } = await compute.ended;
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain("CONFIG_INVALID");
      expect(stderr).toContain(url.username);
      expect(stderr + stdout).not.toContain("hunter2");
    });

    it("refuses topics with fewer copies than it is told to want", async () => {
      const dispatcher = await startLike(clusterOf(), "dispatcher-1", ["dispatcher"], {
        SEGUE_KAFKA_REPLICATION: "5",
      });
      const { code, stderr } = await dispatcher.ended;
      expect(code).toBeGreaterThan(0);
      expect(stderr).toMatch(/CONFIG_INVALID.*(replica|cop)/is);
    });

    it("refuses to serve weights whose checksum is wrong", async () => {
      const cluster = clusterOf();
      const { SEGUE_DATABASE_URL: url = "" } = await cluster.settingsOf("compute-3-1");
      await flipWeightByte(url);
      onTestFinished(() => flipWeightByte(url));
      const compute = await startLike(cluster, "compute-3-1", ["compute", "--stage", "3"], {});
      const { code, stderr, stdout } = await compute.ended;
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain("MODEL_CHECKSUM_MISMATCH");
      expect(stdout).not.toContain("replica");
    });
  });
}
