/** The life of a cluster on this machine: one supervisor for one folder, and nothing left behind. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, invariant } from "@segue/errors";
import type { StepListener } from "@segue/local-services";
import { identityOf, isPortFree, startReaper } from "@segue/local-services";
import { type FolderLock, takeFolderLock } from "@segue/runtime/folder-lock";
import { Cluster } from "./cluster.ts";
import { type ClusterFolder, makeClusterFolder, shownPath } from "./cluster-folder.ts";
import { endLeftovers, readClusterState, removeClusterState } from "./cluster-state.ts";
import { startControlServer } from "./control-server.ts";
import { boundLogs, rotateLogs } from "./log-files.ts";
import { type ClusterSettings, startProcesses } from "./start-processes.ts";

export interface SupervisorOptions {
  readonly folder: ClusterFolder;
  readonly settings: ClusterSettings;
  /** Gives the start up. */
  readonly signal: AbortSignal;
  readonly onStep: StepListener;
  /** Told what nobody asked for, such as the death of a process. */
  readonly onIncident: (text: string) => void;
}

export interface RunningCluster {
  readonly cluster: Cluster;
  /** Resolves when it has ended, whoever asked for that. */
  readonly ended: Promise<void>;
  /** Resolves when everything has ended; may be called again. */
  down(onStep: StepListener): Promise<void>;
}

/** As long as a broker may take to close its logs. */
const REAPER_GRACE_MS = 5_000;
const LOG_CHECK_MS = 30_000;
const LEAVE_TIMEOUT_MS = 10_000;
const LEAVE_POLL_MS = 50;

/**
 * Resolves when every process is ready. CLUSTER_RUNNING when there is a supervisor already; any
 * failure ends what was started before it.
 */
export async function startCluster(options: SupervisorOptions): Promise<RunningCluster> {
  const { folder, settings, signal, onStep } = options;
  makeClusterFolder(folder);
  const lock = takeFolderLock(folder.lockFile) ?? failBecauseRunning(folder);
  const running = await supervise(options, lock);
  const giveUp = () => void running.down(onStep);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await assertBalancerPortsFree(settings);
    await startProcesses(running.cluster, folder, settings, onStep);
    return running;
  } catch (error) {
    await running.down(onStep);
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/**
 * Ends what is left of a supervisor that was killed, and tells what that was. CLUSTER_RUNNING while
 * one lives.
 */
export async function endStaleCluster(folder: ClusterFolder): Promise<readonly string[]> {
  if (!existsSync(folder.lockFile)) return [];
  const lock = takeFolderLock(folder.lockFile) ?? failBecauseRunning(folder);
  try {
    return await endEarlierProcesses(folder);
  } finally {
    lock.release();
  }
}

/** After its end was asked for: resolves when another one could start. */
export async function waitUntilGone(folder: ClusterFolder): Promise<void> {
  const giveUpAt = performance.now() + LEAVE_TIMEOUT_MS;
  for (;;) {
    const lock = takeFolderLock(folder.lockFile);
    lock?.release();
    if (lock !== undefined) return;
    if (performance.now() > giveUpAt) failBecauseRunning(folder);
    await sleep(LEAVE_POLL_MS);
  }
}

/** The supervisor with its control socket and its reaper, before any process is there. */
async function supervise(
  { folder, settings, onStep, onIncident }: SupervisorOptions,
  lock: FolderLock,
): Promise<RunningCluster> {
  const leftovers = await endEarlierProcesses(folder);
  if (leftovers.length > 0)
    onStep(`Ended what an earlier supervisor left: ${leftovers.join(", ")}`);
  rotateLogs(folder.logFolder);
  const supervisor = identityOf(process.pid);
  invariant(supervisor !== undefined, "this process is alive");
  const reaper = startReaper(REAPER_GRACE_MS);
  const cluster = new Cluster({
    folder,
    supervisor,
    startsAtOnce: settings.startsAtOnce ?? availableParallelism() + 1,
    onIncident,
    onStart: (started) => reaper.watch(started),
  });
  const logTimer = setInterval(() => boundLogs(folder.logFolder), LOG_CHECK_MS);
  const ended = Promise.withResolvers<void>();
  let processesEnded: Promise<void> | undefined;
  const endProcesses = (tell: StepListener) => {
    processesEnded ??= cluster.down(tell);
    return processesEnded;
  };
  const control = await startControlServer({
    socket: folder.controlSocket,
    cluster,
    down: async (tell) => {
      await endProcesses(tell);
      setImmediate(() => void down(tell));
    },
  });
  let leaving: Promise<void> | undefined;
  const leave = async (tell: StepListener) => {
    await endProcesses(tell);
    clearInterval(logTimer);
    removeClusterState(folder.stateFile);
    reaper.dismiss();
    await control.close();
    lock.release();
    ended.resolve();
  };
  const down = (tell: StepListener) => {
    leaving ??= leave(tell);
    return leaving;
  };
  return { cluster, ended: ended.promise, down };
}

async function endEarlierProcesses(folder: ClusterFolder): Promise<readonly string[]> {
  const state = readClusterState(folder.stateFile);
  if (state === undefined) return [];
  const ended = await endLeftovers(state);
  removeClusterState(folder.stateFile);
  return ended;
}

function failBecauseRunning(folder: ClusterFolder): never {
  const state = readClusterState(folder.stateFile);
  const where =
    typeof state?.address === "string" ? `runs at ${state.address}` : "is being started";
  const who = state === undefined ? "" : ` (supervisor pid ${state.supervisor.pid})`;
  throw new AppError(
    "CLUSTER_RUNNING",
    `A cluster ${where} from ${shownPath(folder.path)} already${who}; end it with ` +
      "`segue cluster down`, or set SEGUE_DATA_DIR and SEGUE_HTTP_PORT for another one.",
    { details: { address: state?.address ?? null } },
  );
}

async function assertBalancerPortsFree(settings: ClusterSettings): Promise<void> {
  await assertPortFree(settings.balancerPort, "SEGUE_HTTP_PORT to another port");
  if (settings.shape.analytics === 0) return;
  for (const port of settings.grpcPorts) await assertPortFree(port, "SEGUE_GRPC_PORTS to others");
}

async function assertPortFree(port: number, setting: string): Promise<void> {
  if (port === 0 || (await isPortFree(port))) return;
  throw new AppError(
    "SERVICE_FAILED",
    `Port ${port} on 127.0.0.1 is taken by another program; end that one, or set ${setting}, or ` +
      "to 0 for any.",
  );
}
