import { describe, expect, it } from "vitest";
import { parseSystem } from "./system-wire.ts";

const ANSWER = {
  answeredBy: "api-2",
  at: "2026-03-01T20:15:00.000Z",
  processes: [
    {
      role: "compute",
      replica: "compute-2-1",
      stage: 2,
      pid: 7,
      health: "ready",
      modelVersions: ["v1"],
      ownedPartitions: [0, 1],
      queueDepth: 1,
      inFlight: 2,
      startedAt: null,
      heardAt: "2026-03-01T20:14:59.900Z",
    },
  ],
  modelVersion: "v1",
  bus: { isReachable: true, brokers: [{ name: "in-process", partitions: 4 }] },
  lag: [{ topic: "plays.v1", group: "plays", lag: 3 }],
  breakers: [],
  recent: [],
  cluster: null,
};

describe("what /v1/system says", () => {
  it("is read with what is absent as null", () => {
    const { atMs, processes, cluster } = parseSystem(ANSWER);
    expect(processes[0]).toMatchObject({
      layers: null,
      port: null,
      startedAtMs: null,
      inFlight: 2,
    });
    expect(atMs - (processes[0]?.heardAtMs ?? 0)).toBe(100);
    expect(cluster).toBeNull();
  });

  it("tells where the analytics processes of a local cluster are called", () => {
    const cluster = { isReachable: true, address: null, analytics: ["127.0.0.1:50051"] };
    expect(parseSystem({ ...ANSWER, cluster }).cluster).toEqual({
      isReachable: true,
      problem: null,
      analytics: ["127.0.0.1:50051"],
    });
  });

  it("may name a health that this page does not know yet", () => {
    const processes = [{ ...ANSWER.processes[0], health: "levitating" }];
    expect(parseSystem({ ...ANSWER, processes }).processes[0]?.health).toBe("unready");
  });

  it("is refused without its processes", () => {
    expect(() => parseSystem({ ...ANSWER, processes: undefined })).toThrow("expected a list");
  });
});
