/** How the processes of a cluster are started: Segue's own with their environment, and services. */
import { fileURLToPath } from "node:url";
import {
  chooseFreePort,
  type ServiceLaunch,
  startProgram,
  startService,
} from "@segue/local-services";
import { type AnalyticsNode, analyticsSettings } from "./analytics-nodes.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import type { ProcessPlan } from "./cluster-plan.ts";
import type { ProcessLaunch } from "./supervised-process.ts";

type Environment = Readonly<Record<string, string>>;

const PROGRAM = fileURLToPath(new URL("../main.ts", import.meta.url));
const READY_TIMEOUT_MS = 1_000;
/** Many that start at once on a small machine wait for each other. */
const MEMBER_START_TIMEOUT_MS = 120_000;
/** Answers under way have a deadline of 6 s; an API server drains before. */
const MEMBER_STOP_GRACE_MS = 12_000;
const SERVICE_START_TIMEOUT_MS = 120_000;

/** What each kind of service may take to end in order; a broker that lost its peers never would. */
const SERVICE_STOP_GRACE_MS = { broker: 6_000, database: 10_000, balancer: 2_000 } as const;

/**
 * @param shared environment of all of them
 * @param nodes where the analytics processes among them answer
 */
export async function memberLaunch(
  plan: ProcessPlan,
  folder: ClusterFolder,
  shared: Environment,
  nodes: readonly AnalyticsNode[],
): Promise<ProcessLaunch> {
  const { role, stage, shard, instance, replica } = plan;
  const node = nodes.find((each) => each.replica === replica);
  const port = node?.operationsPort ?? (await chooseFreePort(`${folder.path} ${replica}`));
  const logFile = folder.logFile(replica);
  const environment = {
    ...shared,
    ...(node === undefined ? {} : analyticsSettings(node, nodes, shared)),
    SEGUE_INSTANCE: String(instance),
    SEGUE_DATA_DIR: folder.dataFolder(replica),
    [role === "api" ? "SEGUE_HTTP_PORT" : "SEGUE_OPERATIONS_PORT"]: String(port),
  };
  const args = [
    "--disable-warning=ExperimentalWarning",
    PROGRAM,
    role,
    ...(stage === null ? [] : ["--stage", String(stage)]),
    ...(shard === null ? [] : ["--shard", String(shard)]),
  ];
  return {
    replica,
    role,
    stage,
    shard,
    ...(node === undefined ? { port } : { port: node.grpcPort, operationsPort: port }),
    logFile,
    startTimeoutMs: MEMBER_START_TIMEOUT_MS,
    stopGraceMs: MEMBER_STOP_GRACE_MS,
    start: () =>
      Promise.resolve(
        startProgram({ name: replica, command: process.execPath, args, environment, logFile }),
      ),
    isReady: () => isMemberReady(port),
  };
}

export function serviceLaunch(launch: ServiceLaunch, folder: ClusterFolder): ProcessLaunch {
  const { name, role, port, container } = launch;
  const logFile = folder.logFile(name);
  return {
    replica: name,
    role,
    stage: null,
    shard: null,
    port,
    logFile,
    ...(container === undefined ? {} : { container }),
    startTimeoutMs: SERVICE_START_TIMEOUT_MS,
    stopGraceMs: SERVICE_STOP_GRACE_MS[role],
    start: () => startService(launch, { logFile }),
    isReady: () => launch.isReady(),
  };
}

async function isMemberReady(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(READY_TIMEOUT_MS),
    });
    return ok;
  } catch {
    return false;
  }
}
