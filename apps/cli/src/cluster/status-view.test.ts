import { describe, expect, it } from "vitest";
import type { ClusterView } from "./cluster.ts";
import { renderStatus } from "./status-view.ts";
import type { ProcessView } from "./supervised-process.ts";

const NOW_MS = Date.parse("2026-01-01T00:10:00.000Z");
const STYLE = { isColoured: false, nowMs: NOW_MS, widthMax: Number.POSITIVE_INFINITY };

const API: ProcessView = {
  role: "api",
  stage: null,
  shard: null,
  replica: "api-1",
  pid: 71,
  port: 20_100,
  health: "ready",
  startedAt: "2026-01-01T00:08:55.000Z",
  restarts: 2,
  memoryBytes: 104_857_600,
  detail: null,
};

const NODE: ProcessView = {
  ...API,
  role: "compute",
  stage: 3,
  shard: 0,
  replica: "compute-3.0-1",
  pid: null,
  health: "stopped",
  startedAt: null,
  restarts: 0,
  memoryBytes: null,
  detail: "was ended by SIGKILL",
};

function clusterOf(...processes: readonly ProcessView[]): ClusterView {
  return {
    address: "http://127.0.0.1:8080",
    analytics: ["127.0.0.1:50051", "127.0.0.1:50053"],
    supervisor: { pid: 7, startedAt: "2026-01-01T00:00:00.000Z" },
    kafka: "127.0.0.1:20011",
    database: "127.0.0.1:20012/segue",
    processes,
  };
}

describe("renderStatus", () => {
  it("tells the whole in a line, each process in a row, and what to do about the rest", () => {
    expect(renderStatus(clusterOf(API, NODE), STYLE)).toBe(
      `Segue cluster http://127.0.0.1:8080   1 of 2 ready   100 MiB   up 10 min 0 s   supervisor 7
Kafka 127.0.0.1:20011   database 127.0.0.1:20012/segue
Analytics 127.0.0.1:50051, 127.0.0.1:50053

process        stage       health    port  pid         up  restarts   memory
api-1                      ready    20100   71  1 min 5 s         2  100 MiB
compute-3.0-1  3, shard 0  stopped  20100    -          -         0        -  was ended by SIGKILL

compute-3.0-1 is stopped: segue cluster revive compute-3.0-1`,
    );
  });

  it("advises to read the log of a process that died by itself", () => {
    const text = renderStatus(clusterOf({ ...API, health: "dead", pid: null }), STYLE);
    expect(text).toContain("api-1 is dead: segue cluster logs api-1");
  });

  it("advises nothing when everything is ready", () => {
    expect(renderStatus(clusterOf(API), STYLE).split("\n")).toHaveLength(6);
  });

  it("colours the health alone, and only when asked to", () => {
    const green = `${String.fromCharCode(27)}[32mready`;
    expect(renderStatus(clusterOf(API), { ...STYLE, isColoured: true })).toContain(green);
    expect(renderStatus(clusterOf(API), STYLE)).not.toContain(String.fromCharCode(27));
  });
});
