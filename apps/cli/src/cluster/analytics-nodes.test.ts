import { describe, expect, it } from "vitest";
import { type AnalyticsNode, analyticsSettings } from "./analytics-nodes.ts";

const ONE: AnalyticsNode = { replica: "analytics-1", grpcPort: 20_001, operationsPort: 20_002 };
const TWO: AnalyticsNode = { replica: "analytics-2", grpcPort: 20_003, operationsPort: 20_004 };
const THREE: AnalyticsNode = { replica: "analytics-3", grpcPort: 20_005, operationsPort: 20_006 };

describe("analyticsSettings", () => {
  it("gives a process its port, and all the others as nodes", () => {
    expect(analyticsSettings(TWO, [ONE, TWO, THREE], { SEGUE_GRPC_PORTS: "50051" })).toEqual({
      SEGUE_GRPC_HOST: "127.0.0.1",
      SEGUE_GRPC_PORTS: "20003",
      SEGUE_MAPREDUCE_NODES: "127.0.0.1:20001,127.0.0.1:20005",
      SEGUE_MAPREDUCE_THREADS: "1",
    });
  });

  it("leaves the operator's choice of nodes and threads alone", () => {
    const given = { SEGUE_MAPREDUCE_NODES: "10.0.0.2:50051", SEGUE_MAPREDUCE_THREADS: "8" };
    expect(analyticsSettings(ONE, [ONE, TWO], { ...given, PATH: "/bin" })).toMatchObject(given);
  });
});
