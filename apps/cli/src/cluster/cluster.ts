/** The processes of one cluster and what an operator does with them. */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, invariant } from "@segue/errors";
import type { ProcessIdentity, StepListener } from "@segue/local-services";
import type { ReplicaPlace } from "@segue/runtime/replica-name";
import type { ClusterFolder } from "./cluster-folder.ts";
import { isSamePlace, type ProcessPlan, planInstance } from "./cluster-plan.ts";
import { type StartedProcess, writeClusterState } from "./cluster-state.ts";
import { inParallel } from "./in-parallel.ts";
import { placesToScale, type ScaleOrder } from "./scale-order.ts";
import { createStartProgress, type StartProgress } from "./start-progress.ts";
import {
  type KillSignal,
  type ProcessLaunch,
  type ProcessView,
  type Role,
  SupervisedProcess,
} from "./supervised-process.ts";

/** `segue cluster status --json`. */
export interface ClusterView {
  readonly address: string | null;
  /** Of the analytics services, host:port; each answers for all of them. */
  readonly analytics: readonly string[];
  readonly supervisor: { readonly pid: number; readonly startedAt: string };
  readonly kafka: string;
  readonly database: string;
  readonly processes: readonly ProcessView[];
}

export interface ClusterOptions {
  readonly folder: ClusterFolder;
  readonly supervisor: ProcessIdentity;
  /** How many processes of Segue are started at the same time. */
  readonly startsAtOnce: number;
  readonly onIncident: (text: string) => void;
  /** Told of each program that was started, so that it ends with the supervisor. */
  readonly onStart: (started: StartedProcess) => void;
}

const SETTLE_TIMEOUT_MS = 30_000;
const SETTLE_POLL_MS = 200;

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #closing = new AbortController();
  #services: readonly SupervisedProcess[] = [];
  #members: readonly { readonly plan: ProcessPlan; readonly process: SupervisedProcess }[] = [];
  #change: Promise<unknown> = Promise.resolve();
  /** Told to people; without credentials. */
  kafka = "";
  database = "";
  /** Where callers reach the analytics services. */
  analytics: readonly string[] = [];
  /** How the processes of Segue are started, once the services that they need are known. */
  launchOf: ((plan: ProcessPlan) => Promise<ProcessLaunch>) | undefined;
  #address: string | null = null;
  /** Whether every partition has all its copies; asked between the restarts of brokers. */
  isReplicated: () => Promise<boolean> = () => Promise.resolve(true);

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#writeState();
  }

  get address(): string | null {
    return this.#address;
  }

  /** Where callers reach it, once that is known. */
  set address(address: string) {
    this.#address = address;
    this.#writeState();
  }

  /** Aborts when the cluster goes down. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  async startService(launch: ProcessLaunch, progress: StartProgress): Promise<void> {
    const process = this.#supervise(launch);
    this.#services = [...this.#services, process];
    await this.#start(process, progress);
  }

  /** Processes of Segue, not started yet, in the order given. */
  async addMembers(plans: readonly ProcessPlan[]): Promise<readonly SupervisedProcess[]> {
    const { launchOf } = this;
    invariant(launchOf !== undefined, "the services are there before the processes");
    const added = await Promise.all(
      plans.map(async (plan) => ({ plan, process: this.#supervise(await launchOf(plan)) })),
    );
    this.#members = [...this.#members, ...added];
    return added.map(({ process }) => process);
  }

  /** Throws the first failure when those under way have ended; the others are then still there. */
  async startEach(processes: readonly SupervisedProcess[], progress: StartProgress): Promise<void> {
    await inParallel(processes, this.#options.startsAtOnce, async (process) => {
      progress.step(`Starting ${process.replica}`);
      await this.#start(process, progress);
    });
  }

  async view(): Promise<ClusterView> {
    return {
      address: this.address,
      analytics: this.analytics,
      supervisor: { pid: this.#options.supervisor.pid, startedAt: this.#startedAt },
      kafka: this.kafka,
      database: this.database,
      processes: await Promise.all(this.#processes().map((process) => process.view())),
    };
  }

  async kill(replica: string, signal: KillSignal): Promise<ProcessView> {
    const process = this.#processCalled(replica);
    await process.kill(signal);
    return process.view();
  }

  async revive(replica: string): Promise<ProcessView> {
    const process = this.#processCalled(replica);
    await process.revive(this.closing);
    return process.view();
  }

  /** Resolves when the new processes are ready, or the ones too many have drained and ended. */
  scale(order: ScaleOrder, onStep: StepListener): Promise<void> {
    return this.#oneAtATime(async () => {
      const plans = this.#members.map(({ plan }) => plan);
      for (const place of placesToScale(order, plans))
        await this.#scalePlace(place, order.replicas, onStep);
    });
  }

  /**
   * One after another, each ready before the next stops, so that every role goes on working. Without
   * names: everything that runs and has a second one of its kind.
   */
  restart(names: readonly string[], onStep: StepListener): Promise<readonly string[]> {
    return this.#oneAtATime(async () => {
      const processes = this.#processesToRestart(names);
      const progress = createStartProgress(onStep);
      for (const process of processes) {
        onStep(`Restarting ${process.replica}`);
        await process.stop();
        await this.#start(process, progress);
        if (process.launch.role === "broker") await this.#waitUntilReplicated(onStep);
      }
      return processes.map(({ replica }) => replica);
    });
  }

  /** Gives up what is being started; nothing can be started any more. */
  close(): void {
    this.#closing.abort();
  }

  /** What callers see goes first, what the others need goes last. */
  async down(onStep: StepListener): Promise<void> {
    this.close();
    for (const roles of DOWN_ORDER) {
      const processes = this.#processes().filter(({ launch }) => roles.includes(launch.role));
      const running = processes.filter(({ isRunning }) => isRunning);
      if (running.length > 0)
        onStep(`Stopping ${running.map(({ replica }) => replica).join(", ")}`);
      // Those that are about to be started again, too.
      await Promise.all(processes.map((process) => process.stop()));
    }
  }

  async #start(process: SupervisedProcess, progress: StartProgress): Promise<void> {
    await progress.during(process.launch, () => process.start(this.closing));
    progress.step(`${process.replica} is ready on port ${process.launch.port}`);
  }

  #processes(): readonly SupervisedProcess[] {
    return [...this.#services, ...this.#members.map(({ process }) => process)];
  }

  #processCalled(replica: string): SupervisedProcess {
    const processes = this.#processes();
    const found = processes.find((process) => process.replica === replica);
    if (found !== undefined) return found;
    const names = processes.map((process) => process.replica).join(", ");
    throw new AppError("PROCESS_UNKNOWN", `There is no process ${replica}; there are ${names}.`);
  }

  #supervise(launch: ProcessLaunch): SupervisedProcess {
    return new SupervisedProcess(launch, {
      onChange: () => this.#writeState(),
      onIncident: this.#options.onIncident,
      onStart: this.#options.onStart,
    });
  }

  #writeState(): void {
    const { folder, supervisor } = this.#options;
    const processes = this.#processes().flatMap(({ started }) => started ?? []);
    writeClusterState(folder.stateFile, { supervisor, address: this.#address, processes });
  }

  /** Two changes at once could stop more of a role than either means to. */
  #oneAtATime<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#change.then(() => {
      if (this.closing.aborted) throw new AppError("CANCELLED", "The cluster is going down.");
      return change();
    });
    this.#change = result.catch(() => undefined);
    return result;
  }

  async #scalePlace(place: ReplicaPlace, replicas: number, onStep: StepListener): Promise<void> {
    const members = this.#members.filter(({ plan }) => isSamePlace(plan, place));
    const taken = new Set(members.map(({ plan }) => plan.instance));
    const plans: ProcessPlan[] = [];
    for (let instance = 1; taken.size < replicas; instance += 1) {
      if (taken.has(instance)) continue;
      taken.add(instance);
      plans.push(planInstance(place, instance));
    }
    const added = await this.addMembers(plans);
    try {
      await this.startEach(added, createStartProgress(onStep));
    } catch (error) {
      await this.#remove(added);
      throw error;
    }
    const leaving = members.slice(replicas).map(({ process }) => process);
    if (leaving.length === 0) return;
    onStep(`Draining ${leaving.map(({ replica }) => replica).join(", ")}`);
    await this.#remove(leaving);
  }

  async #remove(processes: readonly SupervisedProcess[]): Promise<void> {
    await Promise.all(processes.map((process) => process.stop()));
    this.#members = this.#members.filter(({ process }) => !processes.includes(process));
    this.#writeState();
  }

  #processesToRestart(names: readonly string[]): readonly SupervisedProcess[] {
    const named = names.map((name) => this.#processCalled(name));
    if (named.length > 0) return named;
    const running = this.#processes().filter(({ isRunning }) => isRunning);
    return RESTART_ORDER.flatMap((role) => running.filter(({ launch }) => launch.role === role));
  }

  async #waitUntilReplicated(onStep: StepListener): Promise<void> {
    const giveUpAt = performance.now() + SETTLE_TIMEOUT_MS;
    while (!(await this.isReplicated())) {
      if (this.closing.aborted) throw new AppError("CANCELLED", "The cluster is going down.");
      if (performance.now() > giveUpAt) {
        throw new AppError(
          "SERVICE_FAILED",
          "Some partitions lack a copy, so that no other broker may stop; look at the logs of the brokers.",
        );
      }
      await sleep(SETTLE_POLL_MS);
    }
    onStep("Every partition has all its copies");
  }
}

/** The database and the balancer have no second one that would go on working meanwhile. */
const RESTART_ORDER: readonly Role[] = ["broker", "compute", "dispatcher", "analytics", "api"];

const DOWN_ORDER: readonly (readonly Role[])[] = [
  ["balancer"],
  ["api", "analytics"],
  ["dispatcher"],
  ["compute"],
  ["broker", "database"],
];
