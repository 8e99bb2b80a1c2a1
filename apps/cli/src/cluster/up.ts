/** `segue cluster up`: the supervisor in the foreground, or the start of one in the background. */

import { parseClusterConfig, stageCountOf } from "@segue/config";
import { toAppError } from "@segue/errors";
import { aborted } from "@segue/runtime/aborted";
import { exitCodeFor } from "../output/exit.ts";
import { onInterrupt } from "../output/interrupt.ts";
import type { ClusterView } from "./cluster.ts";
import { clusterFolder } from "./cluster-folder.ts";
import { startDetached } from "./detach.ts";
import { SUPERVISOR_LOG } from "./log-files.ts";
import { createSupervisorReport, tellParent } from "./report-start.ts";
import type { ClusterSettings } from "./start-processes.ts";
import { startCluster } from "./supervisor.ts";

export interface UpOptions {
  readonly apis: number;
  readonly dispatchers: number;
  /** Without a port in SEGUE_GRPC_PORTS there are none. */
  readonly analytics: number;
  readonly brokers: number;
  /** Absent: SEGUE_REPLICAS, at least two. */
  readonly replicas?: number | undefined;
  /** Whether the page is built and served. */
  readonly page: boolean;
  /** Whether this process was started by `upDetached`. */
  readonly isDetached: boolean;
  /** Inherited by the processes. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onReady: (view: ClusterView) => void;
}

/** Resolves when the cluster has ended in order. */
export async function up(options: UpOptions): Promise<void> {
  const { isDetached, onReady } = options;
  const config = parseClusterConfig();
  const folder = clusterFolder(config.dataDir);
  const interrupt = onInterrupt();
  const report = createSupervisorReport({ logFile: folder.logFile(SUPERVISOR_LOG), isDetached });
  try {
    const running = await startCluster({
      folder,
      settings: settingsFor(options, config),
      signal: interrupt.signal,
      onStep: (text) => report.step(text),
      onIncident: (text) => report.incident(text),
    });
    const view = await running.cluster.view();
    if (isDetached) tellParent({ kind: "ready", view });
    else onReady(view);
    await Promise.race([aborted(interrupt.signal), running.ended]);
    await running.down((text) => report.step(text));
    report.step("Everything has ended");
  } catch (thrown) {
    if (!isDetached) throw thrown;
    const { code, message } = toAppError(thrown);
    tellParent({ kind: "failed", code, message });
    process.exitCode = exitCodeFor(thrown);
  }
}

/** Resolves when the cluster is ready and its supervisor goes on without this process. */
export async function upDetached(args: readonly string[]): Promise<ClusterView> {
  const folder = clusterFolder(parseClusterConfig().dataDir);
  const interrupt = onInterrupt();
  const startedAt = performance.now();
  try {
    return await startDetached({
      folder,
      args,
      signal: interrupt.signal,
      onStep: (text) => {
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
        console.error(`${seconds} s  ${text}`);
      },
    });
  } finally {
    interrupt.stop();
  }
}

function settingsFor(
  { apis, dispatchers, analytics, brokers, replicas, page, environment }: UpOptions,
  config: ReturnType<typeof parseClusterConfig>,
): ClusterSettings {
  const { stages, shards, grpcPorts } = config;
  const inherited = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    shape: {
      apis,
      dispatchers,
      analytics: grpcPorts.length === 0 ? 0 : analytics,
      replicas: replicas ?? Math.max(REPLICAS_MIN, config.replicas),
      stages: stageCountOf(stages),
      shards,
    },
    brokers,
    balancerPort: config.httpPort,
    grpcPorts,
    kafkaBrokers: config.kafkaBrokers,
    kafkaReplication: config.kafkaReplication,
    databaseUrl: config.databaseUrl,
    withPage: page,
    environment: Object.fromEntries(inherited),
  };
}

/** So that any one of a stage may die unnoticed. */
const REPLICAS_MIN = 2;
