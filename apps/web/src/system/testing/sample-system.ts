/** Systems to look at in tests. */
import type { Process, RecentRequest, SystemState } from "../../api/system-wire.ts";
import { NOTHING_SEEN, type SystemWatch, watched } from "../system-watch.ts";

export const START_MS = 1_800_000_000_000;

export function sampleProcess(fields: Partial<Process> & Pick<Process, "replica">): Process {
  return {
    role: fields.replica.split("-")[0] ?? "",
    stage: null,
    stageCount: null,
    layers: null,
    shard: null,
    shardCount: null,
    pid: 100,
    port: null,
    address: null,
    health: "ready",
    version: "0.1.0",
    modelVersions: [],
    topic: null,
    ownedPartitions: [],
    queueDepth: 0,
    inFlight: 0,
    startedAtMs: START_MS - 60_000,
    heardAtMs: START_MS,
    restarts: null,
    memoryBytes: null,
    detail: null,
    ...fields,
  };
}

export function sampleNode(
  stage: number,
  instance: number,
  fields: Partial<Process> = {},
): Process {
  const { shard = 0, shardCount = 1 } = fields;
  const place = shardCount === 1 ? `${stage}` : `${stage}.${shard}`;
  return sampleProcess({
    replica: `compute-${place}-${instance}`,
    stage,
    stageCount: 3,
    layers: `${2 * stage - 1}-${2 * stage}`,
    shard,
    shardCount,
    ...fields,
  });
}

/** Two replicas of each of three stages, two dispatchers, three API servers. */
export function sampleProcesses(): readonly Process[] {
  return [
    ...["api-1", "api-2", "api-3"].map((replica) => sampleProcess({ replica })),
    ...["dispatcher-1", "dispatcher-2"].map((replica) => sampleProcess({ replica })),
    ...[1, 2, 3].flatMap((stage) => [sampleNode(stage, 1), sampleNode(stage, 2)]),
  ];
}

export function sampleState(fields: Partial<SystemState> = {}): SystemState {
  return {
    answeredBy: "api-1",
    atMs: START_MS,
    processes: sampleProcesses(),
    modelVersion: "v1",
    bus: { isReachable: true, problem: null, brokers: [] },
    lag: [],
    breakers: [],
    recent: [],
    cluster: null,
    ...fields,
  };
}

export function sampleRequest(requestId: string, createdAtMs: number): RecentRequest {
  return { requestId, createdAtMs, level: "full", reason: null, attempts: 1, totalMs: 9, hops: [] };
}

/** What is known after looking at each of the states in turn. */
export function watchedAll(...states: readonly SystemState[]): SystemWatch {
  return states.reduce(watched, NOTHING_SEEN);
}

/** The processes with some of them changed. */
export function withChanged(
  processes: readonly Process[],
  changes: Readonly<Record<string, Partial<Process>>>,
): readonly Process[] {
  return processes.map((process) => ({ ...process, ...changes[process.replica] }));
}
