/** Narrow readers of what `/v1/system` says (see wire.ts). */
import {
  fieldsOf,
  type Hop,
  levelOf,
  listOf,
  numberOrNull,
  parseHop,
  type ServiceLevel,
  textOf,
  textOrNull,
  timeOf,
} from "./wire.ts";

export type Health =
  | "ready"
  | "starting"
  | "unready"
  | "draining"
  | "silent"
  | "paused"
  | "stopped"
  | "dead";

export interface Process {
  /** balancer, api, dispatcher, compute, analytics, broker or database. */
  readonly role: string;
  readonly replica: string;
  readonly stage: number | null;
  readonly stageCount: number | null;
  readonly layers: string | null;
  readonly shard: number | null;
  readonly shardCount: number | null;
  readonly pid: number | null;
  readonly port: number | null;
  readonly address: string | null;
  readonly health: Health;
  readonly version: string | null;
  readonly modelVersions: readonly string[];
  readonly topic: string | null;
  readonly ownedPartitions: readonly number[];
  readonly queueDepth: number;
  readonly inFlight: number;
  /** Unix time in milliseconds by the server's clock, as every time here. */
  readonly startedAtMs: number | null;
  readonly heardAtMs: number | null;
  readonly restarts: number | null;
  readonly memoryBytes: number | null;
  /** What happened to it last, where that needs to be told. */
  readonly detail: string | null;
}

export interface TopicLag {
  readonly topic: string;
  readonly group: string;
  readonly lag: number;
}

export interface BreakerState {
  readonly dispatcher: string;
  readonly replica: string;
  /** closed, open or half-open. */
  readonly state: string;
  readonly failures: number;
}

export interface RecentRequest {
  readonly requestId: string;
  readonly createdAtMs: number;
  readonly level: ServiceLevel;
  readonly reason: string | null;
  readonly attempts: number;
  readonly totalMs: number;
  readonly hops: readonly Hop[];
}

export interface SystemState {
  readonly answeredBy: string;
  readonly atMs: number;
  readonly processes: readonly Process[];
  readonly modelVersion: string | null;
  readonly bus: {
    readonly isReachable: boolean;
    readonly problem: string | null;
    readonly brokers: readonly { readonly name: string; readonly partitions: number }[];
  };
  readonly lag: readonly TopicLag[];
  readonly breakers: readonly BreakerState[];
  /** The newest first. */
  readonly recent: readonly RecentRequest[];
  /** The supervisor of a local cluster; null where there is none. */
  readonly cluster: LocalCluster | null;
}

export interface LocalCluster {
  readonly isReachable: boolean;
  readonly problem: string | null;
  /** Where its balancer takes gRPC calls for the analytics processes. */
  readonly analytics: readonly string[];
}

const HEALTHS: readonly string[] = [
  "ready",
  "starting",
  "unready",
  "draining",
  "silent",
  "paused",
  "stopped",
  "dead",
] satisfies Health[];

export function parseSystem(body: unknown): SystemState {
  const fields = fieldsOf(body);
  const bus = fieldsOf(fields["bus"]);
  const cluster = fields["cluster"] ?? null;
  return {
    answeredBy: textOf(fields, "answeredBy"),
    atMs: timeOf(fields["at"]),
    processes: listOf(fields["processes"], parseProcess),
    modelVersion: textOrNull(fields["modelVersion"]),
    bus: {
      isReachable: bus["isReachable"] === true,
      problem: textOrNull(bus["problem"]),
      brokers: listOf(bus["brokers"], (broker) => ({
        name: textOf(fieldsOf(broker), "name"),
        partitions: numberOrNull(fieldsOf(broker)["partitions"]) ?? 0,
      })),
    },
    lag: listOf(fields["lag"], (lag) => ({
      topic: textOf(fieldsOf(lag), "topic"),
      group: textOf(fieldsOf(lag), "group"),
      lag: numberOrNull(fieldsOf(lag)["lag"]) ?? 0,
    })),
    breakers: listOf(fields["breakers"], parseBreaker),
    recent: listOf(fields["recent"], parseRecentRequest),
    cluster:
      cluster === null
        ? null
        : {
            isReachable: fieldsOf(cluster)["isReachable"] === true,
            problem: textOrNull(fieldsOf(cluster)["problem"]),
            analytics: listOf(fieldsOf(cluster)["analytics"] ?? [], String),
          },
  };
}

function parseProcess(value: unknown): Process {
  const fields = fieldsOf(value);
  return {
    role: textOf(fields, "role"),
    replica: textOf(fields, "replica"),
    stage: numberOrNull(fields["stage"]),
    stageCount: numberOrNull(fields["stageCount"]),
    layers: textOrNull(fields["layers"]),
    shard: numberOrNull(fields["shard"]),
    shardCount: numberOrNull(fields["shardCount"]),
    pid: numberOrNull(fields["pid"]),
    port: numberOrNull(fields["port"]),
    address: textOrNull(fields["address"]),
    health: isHealth(fields["health"]) ? fields["health"] : "unready",
    version: textOrNull(fields["version"]),
    modelVersions: listOf(fields["modelVersions"] ?? [], String),
    topic: textOrNull(fields["topic"]),
    ownedPartitions: listOf(fields["ownedPartitions"] ?? [], Number),
    queueDepth: numberOrNull(fields["queueDepth"]) ?? 0,
    inFlight: numberOrNull(fields["inFlight"]) ?? 0,
    startedAtMs: timeOrNull(fields["startedAt"]),
    heardAtMs: timeOrNull(fields["heardAt"]),
    restarts: numberOrNull(fields["restarts"]),
    memoryBytes: numberOrNull(fields["memoryBytes"]),
    detail: textOrNull(fields["detail"]),
  };
}

function parseBreaker(value: unknown): BreakerState {
  const fields = fieldsOf(value);
  return {
    dispatcher: textOf(fields, "dispatcher"),
    replica: textOf(fields, "replica"),
    state: textOf(fields, "state"),
    failures: numberOrNull(fields["failures"]) ?? 0,
  };
}

function parseRecentRequest(value: unknown): RecentRequest {
  const fields = fieldsOf(value);
  return {
    requestId: textOf(fields, "requestId"),
    createdAtMs: timeOf(fields["createdAt"]),
    level: levelOf(fields["level"]),
    reason: textOrNull(fields["reason"]),
    attempts: numberOrNull(fields["attempts"]) ?? 1,
    totalMs: numberOrNull(fields["totalMs"]) ?? 0,
    hops: listOf(fields["hops"], parseHop),
  };
}

function isHealth(value: unknown): value is Health {
  return typeof value === "string" && HEALTHS.includes(value);
}

function timeOrNull(value: unknown): number | null {
  return typeof value === "string" ? timeOf(value) : null;
}
