import { startHeartbeats } from "@segue/bus";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemSchema } from "../src/system/system-schemas.ts";
import { type ApiHarness, FIVE, startApi } from "./api-harness.ts";
import { startSupervisor, supervised } from "./supervisor-stand-in.ts";

// Real: the API over HTTP, the bus, the store, the unix socket. Played by the test: the dispatcher and
// the supervisor at the other end of the socket.

async function viewOf({ call }: Pick<ApiHarness, "call">) {
  const { status, body } = await call("/v1/system");
  expect(status).toBe(200);
  return systemSchema.parse(body);
}

/** A compute node that says it is ready. */
function beatAs(replica: string, { bus }: Pick<ApiHarness, "bus">): void {
  const heartbeats = startHeartbeats({
    bus,
    replica,
    now: Date.now,
    intervalMs: 20,
    describe: () => ({
      role: "compute",
      stage: 2,
      stageCount: 3,
      layerFirst: 3,
      layerLast: 4,
      shardCount: 1,
      modelVersions: ["v1"],
      topic: "rec.stage.2.v1",
      ownedPartitions: [0, 1],
      queueDepth: 3,
      inFlight: 2,
      ready: true,
      startedAtMs: 1_000,
      productVersion: "0.1.0",
      operationsAddress: "127.0.0.1:9101",
    }),
    onError: () => {},
  });
  onTestFinished(() => heartbeats.close());
}

describe("GET /v1/system", () => {
  test("tells of a process what it says of itself", async () => {
    const api = await startApi();
    beatAs("compute-2-1", api);
    await vi.waitFor(async () => {
      const { processes, answeredBy } = await viewOf(api);
      expect(answeredBy).toBe("api-1");
      expect(processes.map(({ replica }) => replica)).toEqual([
        "api-1",
        "dispatcher-1",
        "compute-2-1",
      ]);
      expect(processes[2]).toMatchObject({
        role: "compute",
        stage: 2,
        stageCount: 3,
        layers: "3-4",
        health: "ready",
        version: "0.1.0",
        modelVersions: ["v1"],
        ownedPartitions: [0, 1],
        queueDepth: 3,
        inFlight: 2,
        pid: process.pid,
        address: "127.0.0.1:9101",
        startedAt: "1970-01-01T00:00:01.000Z",
      });
    });
  });

  test("tells the way of the last requests, the newest first, without songs or users", async () => {
    const api = await startApi();
    const ids: string[] = [];
    for (const user of ["ada", "bob"]) {
      const headers = { "x-request-id": `asked-by-${ids.length}` };
      const { body } = await api.post("/v1/recommendations", { songs: FIVE, user }, headers);
      ids.unshift(String(body["requestId"]));
    }
    await vi.waitFor(async () => {
      const { recent } = await viewOf(api);
      expect(recent.map(({ requestId }) => requestId)).toEqual(ids);
      expect(recent[0]).toMatchObject({ level: "full", attempts: 1, modelVersion: "v1" });
      expect(recent[0]?.hops.map(({ role, replica }) => [role, replica])).toEqual([
        ["api", "api-1"],
        ["dispatcher", "dispatcher-1"],
        ["compute", "compute-1"],
      ]);
      const said = JSON.stringify(recent);
      for (const secret of ["ada", "bob", ...FIVE]) expect(said).not.toContain(secret);
    });
  });

  test("keeps fifty of them", async () => {
    const api = await startApi();
    const asking = Array.from({ length: 60 }, (_, index) =>
      api.post("/v1/recommendations", { songs: FIVE, limit: 1 }, { "x-request-id": `id-${index}` }),
    );
    await Promise.all(asking);
    await vi.waitFor(async () => expect((await viewOf(api)).recent).toHaveLength(50));
  });

  test("answers without its bus, says so, and lets Prometheus read on", async () => {
    const api = await startApi();
    const before = await viewOf(api);
    expect(before.bus).toMatchObject({ isReachable: true, brokers: [{ name: "in-process" }] });
    api.bus.kill();
    await vi.waitFor(async () => {
      const { bus, lag } = await viewOf(api);
      expect(bus.isReachable).toBe(false);
      expect(bus.problem).toBe("No broker can be reached");
      expect(bus.brokers).toEqual([]);
      expect(lag).toEqual(before.lag);
    });
    expect((await api.call("/metrics")).status).toBe(200);
  });

  test("says nothing of a cluster where there is none", async () => {
    expect((await viewOf(await startApi())).cluster).toBeNull();
  });
});

describe("the processes of a local cluster", () => {
  const withSupervisor = async () => {
    const supervisor = await startSupervisor([
      supervised({ role: "balancer", replica: "balancer", port: 8_080 }),
      supervised({ role: "api", replica: "api-1", pid: 11, port: 8_081, restarts: 2 }),
      supervised({ role: "compute", replica: "compute-2-1", pid: 12, stage: 2, health: "paused" }),
      supervised({ role: "compute", replica: "compute-3-2", pid: null, stage: 3, health: "dead" }),
      supervised({ role: "analytics", replica: "analytics-1", port: 9_001, operationsPort: 9_002 }),
      supervised({}),
    ]);
    const api = await startApi({ options: { clusterControl: supervisor.socket } });
    return { supervisor, api };
  };

  test("are told together with what they say of themselves", async () => {
    const { api } = await withSupervisor();
    beatAs("compute-2-1", api);
    await vi.waitFor(async () => {
      const { processes, cluster } = await viewOf(api);
      expect(cluster).toEqual({
        isReachable: true,
        address: "http://127.0.0.1:8080",
        analytics: ["127.0.0.1:50051"],
      });
      const told = processes.map(({ replica, health, pid }) => [replica, health, pid]);
      expect(told).toEqual([
        ["balancer", "ready", 4_711],
        ["api-1", "ready", 11],
        ["dispatcher-1", "ready", process.pid],
        ["compute-2-1", "paused", 12],
        ["compute-3-2", "dead", null],
        ["analytics-1", "ready", 4_711],
        ["broker-1", "ready", 4_711],
      ]);
      expect(processes[1]).toMatchObject({ port: 8_081, restarts: 2 });
      expect(processes[3]).toMatchObject({ layers: "3-4", queueDepth: 3 });
      expect(processes[4]).toMatchObject({ stage: 3, shard: 0, heardAt: null });
      expect(processes[5]).toMatchObject({ port: 9_001, address: "127.0.0.1:9002" });
    });
  });

  test("are sent the signal that is asked for, or SIGKILL", async () => {
    const { api, supervisor } = await withSupervisor();
    const paths = ["compute-2-1/kill", "broker-1/kill", "compute-3-2/revive"];
    const bodies = [{ signal: "SIGSTOP" }, {}, {}];
    for (const [index, path] of paths.entries()) {
      const { status, body } = await api.post(`/v1/system/processes/${path}`, bodies[index]);
      expect([status, body["isDone"]]).toEqual([200, true]);
    }
    await api.call("/v1/system/processes/api-1/kill", { method: "POST" });
    expect(supervisor.orders).toEqual([
      'compute-2-1/kill {"signal":"SIGSTOP"}',
      'broker-1/kill {"signal":"SIGKILL"}',
      "compute-3-2/revive {}",
      'api-1/kill {"signal":"SIGKILL"}',
    ]);
  });

  test("that take their time are answered for before a balancer loses patience", async () => {
    const { api, supervisor } = await withSupervisor();
    const release = supervisor.holdBack();
    const { status, body } = await api.post("/v1/system/processes/compute-3-2/revive", {});
    expect([status, body]).toEqual([200, { replica: "compute-3-2", isDone: false }]);
    const { processes } = await viewOf(api);
    expect(processes.length).toBeGreaterThan(0);
    expect(supervisor.orders).toEqual([]);
    release();
    await vi.waitFor(() => expect(supervisor.orders).toEqual(["compute-3-2/revive {}"]));
  });

  test("that there are not, or that cannot, are told with the supervisor's words", async () => {
    const { api } = await withSupervisor();
    const unknown = await api.post("/v1/system/processes/compute-9-9/kill", {});
    expect([unknown.status, unknown.body["code"]]).toEqual([404, "PROCESS_UNKNOWN"]);
    expect(unknown.body["detail"]).toBe("There is no process compute-9-9");
    const dead = await api.post("/v1/system/processes/compute-3-2/kill", {});
    expect([dead.status, dead.body["detail"]]).toEqual([400, "compute-3-2 does not run"]);
    const signal = await api.post("/v1/system/processes/api-1/kill", { signal: "SIGHUP" });
    expect([signal.status, signal.body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    const name = await api.post("/v1/system/processes/%2e%2e%2fscale/kill", {});
    expect(name.status).toBe(400);
  });

  test("are out of reach without their supervisor, and the rest is told all the same", async () => {
    const { api, supervisor } = await withSupervisor();
    await supervisor.close();
    await vi.waitFor(async () => {
      const { cluster, processes } = await viewOf(api);
      expect(cluster?.isReachable).toBe(false);
      expect(cluster?.problem).toContain("`segue cluster up`");
      expect(processes.map(({ replica }) => replica)).toEqual(["api-1", "dispatcher-1"]);
    });
    const { status, body } = await api.post("/v1/system/processes/api-1/kill", {});
    expect([status, body["code"]]).toEqual([503, "CLUSTER_UNAVAILABLE"]);
  });

  test("are not for other pages to end", async () => {
    const { api, supervisor } = await withSupervisor();
    const path = "/v1/system/processes/broker-1/kill";
    const foreign = { origin: "http://elsewhere.example" };
    expect((await api.post(path, {}, foreign)).status).toBe(403);
    const headers = { "content-type": "text/plain" };
    expect((await api.call(path, { method: "POST", headers, body: "{}" })).status).toBe(415);
    expect(supervisor.orders).toEqual([]);
  });

  test("cannot be ended where there is no cluster", async () => {
    const api = await startApi();
    for (const verb of ["kill", "revive"]) {
      const { status, body } = await api.post(`/v1/system/processes/api-1/${verb}`, {});
      expect([status, body["code"]]).toEqual([404, "ROUTE_UNKNOWN"]);
      expect(body["detail"]).toContain("only in a local cluster");
    }
  });
});
