import { mkdirSync, statSync } from "node:fs";
import { identityOf } from "@segue/local-services";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { standIn, temporaryFolder } from "../../test/stand-in.ts";
import { Cluster } from "./cluster.ts";
import { type ClusterFolder, clusterFolder } from "./cluster-folder.ts";
import { planInstance } from "./cluster-plan.ts";
import { endLeftovers, readClusterState } from "./cluster-state.ts";
import { type ControlClient, createControlClient } from "./control-client.ts";
import { startControlServer } from "./control-server.ts";
import { createStartProgress } from "./start-progress.ts";

// Real: the control socket, the processes and their signals. What they do stands in for Segue.

const STAGE = { role: "compute", stage: 1, shard: null } as const;

let folder: ClusterFolder;
let cluster: Cluster;
let client: ControlClient;
let steps: string[];
const onStep = (text: string) => void steps.push(text);

beforeEach(async () => {
  steps = [];
  folder = clusterFolder(temporaryFolder());
  mkdirSync(folder.logFolder, { recursive: true });
  const supervisor = identityOf(process.pid) ?? { pid: 0, startTime: "" };
  cluster = new Cluster({
    folder,
    supervisor,
    startsAtOnce: 2,
    onIncident: () => undefined,
    onStart: () => undefined,
  });
  cluster.launchOf = ({ instance: _, ...plan }) => standIn(folder.logFolder, plan);
  const down = (tell: (text: string) => void) => cluster.down(tell);
  const control = await startControlServer({ socket: folder.controlSocket, cluster, down });
  onTestFinished(async () => {
    await cluster.down(() => undefined);
    await control.close();
  });
  const members = await cluster.addMembers([1, 2].map((instance) => planInstance(STAGE, instance)));
  await cluster.startEach(
    members,
    createStartProgress(() => undefined),
  );
  cluster.address = "http://127.0.0.1:1";
  client = createControlClient(folder);
});

async function healths(): Promise<Record<string, string>> {
  const { processes } = await client.view();
  return Object.fromEntries(processes.map(({ replica, health }) => [replica, health]));
}

describe("the control socket", () => {
  it("tells every process, to this user alone", async () => {
    const { address, processes } = await client.view();
    expect(address).toBe("http://127.0.0.1:1");
    expect(processes[0]).toMatchObject({
      role: "compute",
      stage: 1,
      shard: null,
      replica: "compute-1-1",
      health: "ready",
      restarts: 0,
    });
    expect(processes[0]?.pid).toBeGreaterThan(1);
    expect(processes[0]?.port).toBeGreaterThan(1_024);
    expect(statSync(folder.controlSocket).mode & 0o777).toBe(0o600);
  });

  it("kills, pauses and revives by name", async () => {
    expect(await client.kill("compute-1-1", "SIGKILL")).toMatchObject({ health: "stopped" });
    expect(await client.kill("compute-1-2", "SIGSTOP")).toMatchObject({ health: "paused" });
    expect(await client.revive("compute-1-1")).toMatchObject({ health: "ready" });
    expect(await client.revive("compute-1-2")).toMatchObject({ health: "ready" });
  });

  it("refuses unknown names, signals, roles and numbers", async () => {
    await expect(client.kill("api-9", "SIGKILL")).rejects.toMatchObject({
      code: "PROCESS_UNKNOWN",
      message: "There is no process api-9; there are compute-1-1, compute-1-2.",
    });
    await expect(client.kill("compute-1-1", "SIGHUP")).rejects.toThrow("no signal SIGHUP");
    const scale = (order: Record<string, unknown>) => client.scale(order, onStep);
    await expect(scale({ role: "api", replicas: 2 })).rejects.toThrow("Only compute nodes");
    await expect(scale({ role: "compute", replicas: 0 })).rejects.toThrow("1 to 16 replicas");
    await expect(scale({ role: "compute", stage: 4, replicas: 1 })).rejects.toThrow(
      "There is no stage 4; the stages are 1",
    );
    await expect(client.restart(["api-9"], onStep)).rejects.toMatchObject({
      code: "PROCESS_UNKNOWN",
    });
  });

  it("scales up and down, the number freed being used again", async () => {
    const stage = { role: "compute", stage: 1 };
    await client.scale({ ...stage, replicas: 3 }, onStep);
    expect(Object.keys(await healths())).toEqual(["compute-1-1", "compute-1-2", "compute-1-3"]);
    expect(steps).toContain("Starting compute-1-3");
    await client.scale({ ...stage, replicas: 1 }, onStep);
    expect(await healths()).toEqual({ "compute-1-1": "ready" });
    expect(steps.at(-1)).toBe("Draining compute-1-2, compute-1-3");
    await client.scale({ ...stage, replicas: 2 }, onStep);
    expect(await healths()).toEqual({ "compute-1-1": "ready", "compute-1-2": "ready" });
  });

  it("restarts what runs, one after another, and leaves what was killed alone", async () => {
    const before = await client.view();
    await client.kill("compute-1-2", "SIGKILL");
    expect(await client.restart([], onStep)).toEqual({ restarted: ["compute-1-1"] });
    expect(await healths()).toEqual({ "compute-1-1": "ready", "compute-1-2": "stopped" });
    const after = await client.view();
    expect(after.processes[0]?.pid).not.toBe(before.processes[0]?.pid);
  });

  it("tells a failure also after the first steps, and survives it", async () => {
    const program = "process.exit(7)";
    cluster.launchOf = ({ instance: _, ...plan }) =>
      standIn(folder.logFolder, { ...plan, program });
    const scaling = client.scale({ role: "compute", replicas: 3 }, onStep);
    await expect(scaling).rejects.toThrow("compute-1-3 ended with code 7 before it was ready");
    expect(steps).toEqual(["Starting compute-1-3"]);
    expect(await healths()).toEqual({ "compute-1-1": "ready", "compute-1-2": "ready" });
  });

  it("ends everything", async () => {
    await client.down(onStep);
    expect(await healths()).toEqual({ "compute-1-1": "stopped", "compute-1-2": "stopped" });
    await expect(client.scale({ role: "compute", replicas: 3 }, onStep)).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  it("is missed where no supervisor listens", async () => {
    const nobody = createControlClient(clusterFolder(temporaryFolder()));
    await expect(nobody.view()).rejects.toMatchObject({ code: "CLUSTER_UNAVAILABLE" });
  });
});

describe("the state file", () => {
  it("names what runs, so that it can be ended without its supervisor", async () => {
    await client.kill("compute-1-2", "SIGKILL");
    const state = readClusterState(folder.stateFile);
    expect(state?.processes.map(({ replica }) => replica)).toEqual(["compute-1-1"]);
    const [first] = state?.processes ?? [];
    if (state === undefined || first === undefined) throw new Error("It names nothing.");
    const another = { ...first, identity: { ...first.identity, startTime: "another" } };
    expect(await endLeftovers({ ...state, processes: [another] })).toEqual([]);
    expect(await healths()).toMatchObject({ "compute-1-1": "ready" });
    // Its supervisor is here, and would start it again.
    await client.kill("compute-1-1", "SIGSTOP");
    expect(await endLeftovers(state)).toEqual(["compute-1-1"]);
  });
});
