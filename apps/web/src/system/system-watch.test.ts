import { describe, expect, it } from "vitest";
import {
  START_MS,
  sampleProcess,
  sampleProcesses,
  sampleRequest,
  sampleState,
  watchedAll,
  withChanged,
} from "./testing/sample-system.ts";

const later = (ms: number) => START_MS + ms;

function withoutApi2() {
  return sampleProcesses().filter(({ replica }) => replica !== "api-2");
}

describe("what has been seen of the system", () => {
  it("keeps a process that left, and since when", () => {
    const watch = watchedAll(
      sampleState(),
      sampleState({ atMs: later(1_000), processes: withoutApi2() }),
      sampleState({ atMs: later(2_000), processes: withoutApi2() }),
    );
    const gone = watch.processes.find(({ replica }) => replica === "api-2");
    expect(gone).toMatchObject({ isGone: true, downSinceMs: later(1_000) });
    expect(watch.processes.map(({ replica }) => replica).slice(0, 3)).toEqual([
      "api-1",
      "api-2",
      "api-3",
    ]);
  });

  it("is told in the order of a request's way, then what stands beside and beneath it", () => {
    const beside = ["database", "analytics-1", "broker-1", "balancer"].map((replica) =>
      sampleProcess({ replica, role: replica.split("-")[0] ?? "" }),
    );
    const { processes } = watchedAll(sampleState({ processes: [...beside, ...sampleProcesses()] }));
    expect([...new Set(processes.map(({ role }) => role))]).toEqual([
      "balancer",
      "api",
      "dispatcher",
      "compute",
      "analytics",
      "broker",
      "database",
    ]);
  });

  it("does not know since when somebody is down who was so from the first look on", () => {
    const stopped = sampleProcess({ replica: "analytics-1", heardAtMs: null, health: "stopped" });
    const states = [0, 1_000].map((ms) =>
      sampleState({ atMs: later(ms), processes: [...sampleProcesses(), stopped] }),
    );
    const lost = watchedAll(...states).processes.find(({ role }) => role === "analytics");
    expect(lost?.downSinceMs).toBeNull();
  });

  it("forgets it after ten minutes", () => {
    const watch = watchedAll(
      sampleState(),
      sampleState({ atMs: later(1_000), processes: withoutApi2() }),
      sampleState({ atMs: later(1_000 + 10 * 60_000), processes: withoutApi2() }),
    );
    expect(watch.processes.some(({ replica }) => replica === "api-2")).toBe(false);
  });

  it("does not believe an API server that has heard less than another", () => {
    const silent = { "compute-2-1": { health: "silent", heardAtMs: later(-4_000) } } as const;
    const watch = watchedAll(
      sampleState(),
      sampleState({ atMs: later(100), processes: withChanged(sampleProcesses(), silent) }),
    );
    const node = watch.processes.find(({ replica }) => replica === "compute-2-1");
    expect(node?.health).toBe("ready");
    expect(watch.changes).toEqual([]);
  });

  it("takes a silent process for well again only when it was heard since", () => {
    const looks = (health: "ready" | "silent", atMs: number, heardAtMs: number) =>
      sampleState({
        atMs: later(atMs),
        processes: withChanged(sampleProcesses(), {
          "api-3": { health, heardAtMs: later(heardAtMs) },
        }),
      });
    const healthAfter = (...states: readonly ReturnType<typeof sampleState>[]) =>
      watchedAll(...states).processes.find(({ replica }) => replica === "api-3")?.health;
    const before = [looks("ready", 0, 0), looks("silent", 3_100, 0)];
    expect(healthAfter(...before)).toBe("silent");
    expect(healthAfter(...before, looks("ready", 3_200, 0))).toBe("silent");
    expect(healthAfter(...before, looks("ready", 4_200, 4_100))).toBe("ready");
  });

  it("believes the supervisor at once, whatever was heard", () => {
    const dead = { "api-3": { health: "dead", pid: null, heardAtMs: later(-300) } } as const;
    const watch = watchedAll(
      sampleState(),
      sampleState({ atMs: later(500), processes: withChanged(sampleProcesses(), dead) }),
    );
    const process = watch.processes.find(({ replica }) => replica === "api-3");
    expect(process).toMatchObject({ health: "dead", downSinceMs: later(500) });
  });

  it("says since when a process is down that was never seen well", () => {
    const silent = sampleProcess({
      replica: "api-1",
      health: "silent",
      heardAtMs: later(-9_000),
    });
    const watch = watchedAll(sampleState({ processes: [silent] }));
    expect(watch.processes[0]?.downSinceMs).toBe(later(-9_000));
  });

  it("remembers the layers of a node that a server which started later never heard of", () => {
    const unheard = {
      "compute-2-1": { health: "stopped", pid: null, heardAtMs: null, layers: null },
    } as const;
    const watch = watchedAll(
      sampleState(),
      sampleState({ atMs: later(1_000), processes: withChanged(sampleProcesses(), unheard) }),
    );
    const node = watch.processes.find(({ replica }) => replica === "compute-2-1");
    expect(node).toMatchObject({ health: "stopped", layers: "3-4", stageCount: 3 });
  });

  it("gathers the load of each look and the requests of all servers", () => {
    const busy = { "api-1": { inFlight: 2, queueDepth: 1, heardAtMs: later(1_000) } };
    const watch = watchedAll(
      sampleState({ recent: [sampleRequest("b", 2), sampleRequest("a", 1)] }),
      sampleState({
        atMs: later(1_000),
        processes: withChanged(sampleProcesses(), busy),
        recent: [sampleRequest("c", 3), sampleRequest("b", 2)],
      }),
    );
    expect(watch.processes[0]?.loads).toEqual([0, 3]);
    expect(watch.recent.map(({ requestId }) => requestId)).toEqual(["c", "b", "a"]);
  });
});
