/**
 * One process under supervision: started again after a death that nobody asked for, with growing
 * pauses; one that was killed by request stays down until it is revived, so that a person can watch.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, toAppError } from "@segue/errors";
import type { Container, ProgramEnd, RunningProgram } from "@segue/local-services";
import type { StartedProcess } from "./cluster-state.ts";
import { tailLog } from "./log-files.ts";
import { processFacts } from "./process-facts.ts";

export type Role =
  | "api"
  | "dispatcher"
  | "compute"
  | "analytics"
  | "broker"
  | "database"
  | "balancer";
export type KillSignal = "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT";

/** How one process of the cluster is started, asked whether it serves, and stopped. */
export interface ProcessLaunch {
  readonly replica: string;
  readonly role: Role;
  readonly stage: number | null;
  readonly shard: number | null;
  /** Where it does its work; where its health and metrics are, if it has no other. */
  readonly port: number;
  /** Where its health and metrics are, if that is another. */
  readonly operationsPort?: number;
  readonly logFile: string;
  readonly container?: Container;
  /** Told to end, it has so long before it is killed. */
  readonly stopGraceMs: number;
  readonly startTimeoutMs: number;
  start(): Promise<RunningProgram>;
  /** Never throws. */
  isReady(): Promise<boolean>;
}

/**
 * - starting: runs and has not been ready yet; unready: was, and is not now; paused: stopped by a
 *   signal such as SIGSTOP
 * - dead: ended by itself and is started again soon; stopped: ended by request, stays so until revived
 */
export type Health = "starting" | "ready" | "unready" | "stopped" | "dead" | "paused";

export interface ProcessView {
  readonly role: Role;
  readonly stage: number | null;
  readonly shard: number | null;
  readonly replica: string;
  readonly pid: number | null;
  readonly port: number;
  readonly operationsPort?: number;
  readonly health: Health;
  readonly startedAt: string | null;
  /** How often it was started again after a death that nobody asked for. */
  readonly restarts: number;
  readonly memoryBytes: number | null;
  /** What happened to it last, where that needs to be told. */
  readonly detail: string | null;
}

export interface SupervisionEvents {
  readonly onStart: (started: StartedProcess) => void;
  /** A program was started or has ended. */
  readonly onChange: () => void;
  /** Something happened that nobody asked for, in a sentence. */
  readonly onIncident: (text: string) => void;
}

type State =
  | { readonly kind: "down"; readonly detail: string | null }
  | { readonly kind: "running"; readonly program: RunningProgram; readonly startedAtMs: number }
  | { readonly kind: "waiting"; readonly detail: string; readonly timer: NodeJS.Timeout };

export const BACK_OFF = { firstMs: 500, maxMs: 15_000, forgottenAfterMs: 30_000 };
const POLL_MS = 150;
const KILL_WAIT_MS = 2_000;
const PAUSE_WAIT_MS = 500;
const PAUSE_POLL_MS = 10;
const LOG_LINES = 15;

export class SupervisedProcess {
  readonly launch: ProcessLaunch;
  readonly #events: SupervisionEvents;
  #state: State = { kind: "down", detail: null };
  /** Whether an end is an accident; a process that is being started or stopped has none. */
  #isKeptAlive = false;
  #hasBeenReady = false;
  #restarts = 0;
  #deathsInARow = 0;

  constructor(launch: ProcessLaunch, events: SupervisionEvents) {
    this.launch = launch;
    this.#events = events;
  }

  get replica(): string {
    return this.launch.replica;
  }

  get isRunning(): boolean {
    return this.#state.kind === "running";
  }

  /** For the state file; undefined while it does not run. */
  get started(): StartedProcess | undefined {
    if (this.#state.kind !== "running") return undefined;
    const { replica, container } = this.launch;
    const { identity } = this.#state.program;
    return { replica, identity, ...(container === undefined ? {} : { container }) };
  }

  /**
   * Resolves when it is ready; from then on it is kept alive. SERVICE_FAILED, with the end of its
   * log, when it ends before or is not ready in time: then it is down. CANCELLED by the signal.
   */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#state.kind === "running") return;
    this.#leaveWaiting();
    this.#deathsInARow = 0;
    if (signal?.aborted) throw this.#givenUp();
    try {
      await this.#waitUntilReady(await this.#run(), signal);
      this.#isKeptAlive = true;
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  /** Tells it to end and resolves when it has; nothing starts it again by itself. */
  async stop(graceMs: number = this.launch.stopGraceMs): Promise<void> {
    this.#isKeptAlive = false;
    this.#leaveWaiting();
    if (this.#state.kind === "running") await this.#state.program.stop(graceMs);
  }

  /** Resolves when SIGKILL or SIGSTOP has done its work. REQUEST_INVALID when it does not run. */
  async kill(signal: KillSignal): Promise<void> {
    if (this.#state.kind === "waiting" && (signal === "SIGKILL" || signal === "SIGTERM")) {
      this.#leaveWaiting();
      return;
    }
    if (this.#state.kind !== "running") {
      throw new AppError(
        "REQUEST_INVALID",
        `${this.replica} does not run, so that it cannot be sent ${signal}; revive it first.`,
      );
    }
    const { program } = this.#state;
    if (signal === "SIGSTOP" || signal === "SIGCONT") {
      program.kill(signal);
      await this.#waitUntilPaused(program.pid, signal === "SIGSTOP");
      return;
    }
    this.#isKeptAlive = false;
    program.kill(signal);
    // One that is paused would take SIGTERM only when it goes on.
    if (signal === "SIGTERM") program.kill("SIGCONT");
    else await Promise.race([program.exited, sleep(KILL_WAIT_MS)]);
  }

  /** Brings it back, whether it was ended, waits to be started again, or is paused. */
  async revive(signal?: AbortSignal): Promise<void> {
    if (this.#state.kind !== "running") {
      await this.start(signal);
      return;
    }
    const { program } = this.#state;
    if ((await processFacts(program.pid)).isPaused) program.kill("SIGCONT");
    await this.#waitUntilReady(program, signal);
    this.#isKeptAlive = true;
  }

  async view(): Promise<ProcessView> {
    const { role, stage, shard, replica, port, operationsPort } = this.launch;
    const state = this.#state;
    const operations = operationsPort === undefined ? {} : { operationsPort };
    const facts = { role, stage, shard, replica, port, ...operations, restarts: this.#restarts };
    if (state.kind !== "running") {
      const health = state.kind === "waiting" ? "dead" : "stopped";
      const { detail } = state;
      return { ...facts, pid: null, health, startedAt: null, memoryBytes: null, detail };
    }
    const { pid } = state.program;
    const { isPaused, memoryBytes } = await processFacts(pid);
    const health = isPaused ? "paused" : await this.#healthOfRunning();
    const startedAt = new Date(state.startedAtMs).toISOString();
    return { ...facts, pid, health, startedAt, memoryBytes, detail: null };
  }

  async #healthOfRunning(): Promise<Health> {
    const isReady = await this.launch.isReady();
    this.#hasBeenReady ||= isReady;
    if (isReady) return "ready";
    return this.#hasBeenReady ? "unready" : "starting";
  }

  async #run(): Promise<RunningProgram> {
    const program = await this.launch.start();
    const startedAtMs = Date.now();
    this.#hasBeenReady = false;
    this.#state = { kind: "running", program, startedAtMs };
    if (this.started !== undefined) this.#events.onStart(this.started);
    this.#events.onChange();
    void program.exited.then((end) => this.#ended(end, startedAtMs));
    return program;
  }

  #ended(end: ProgramEnd, startedAtMs: number): void {
    const detail = toldEnd(end);
    if (!this.#isKeptAlive) {
      this.#state = { kind: "down", detail };
      this.#events.onChange();
      return;
    }
    const livedMs = Date.now() - startedAtMs;
    this.#deathsInARow = livedMs > BACK_OFF.forgottenAfterMs ? 1 : this.#deathsInARow + 1;
    this.#startLater(detail);
  }

  #startLater(reason: string): void {
    const pauseMs = Math.min(BACK_OFF.maxMs, BACK_OFF.firstMs * 2 ** (this.#deathsInARow - 1));
    const detail = `${reason} at ${timeOfDay()}; starts again after ${pauseMs / 1000} s`;
    const timer = setTimeout(() => void this.#startAgain(), pauseMs);
    this.#state = { kind: "waiting", detail, timer };
    this.#events.onChange();
    this.#events.onIncident(`${this.replica} ${detail}; ${this.launch.logFile} may tell why.`);
  }

  async #startAgain(): Promise<void> {
    this.#restarts += 1;
    try {
      await this.#run();
    } catch (error) {
      this.#deathsInARow += 1;
      this.#startLater(toAppError(error).message);
    }
  }

  #leaveWaiting(): void {
    this.#isKeptAlive = false;
    if (this.#state.kind !== "waiting") return;
    clearTimeout(this.#state.timer);
    this.#state = { kind: "down", detail: this.#state.detail.replace(/; starts again.*/, "") };
    this.#events.onChange();
  }

  /** A signal is delivered some time after it was sent; a container shows none of this. */
  async #waitUntilPaused(pid: number, isPaused: boolean): Promise<void> {
    const giveUpAt = performance.now() + PAUSE_WAIT_MS;
    while ((await processFacts(pid)).isPaused !== isPaused && performance.now() < giveUpAt) {
      await sleep(PAUSE_POLL_MS);
    }
  }

  async #waitUntilReady(program: RunningProgram, signal?: AbortSignal): Promise<void> {
    const giveUpAt = performance.now() + this.launch.startTimeoutMs;
    let end: ProgramEnd | undefined;
    void program.exited.then((ended) => {
      end = ended;
    });
    for (;;) {
      if (await this.launch.isReady()) break;
      if (signal?.aborted) throw this.#givenUp();
      if (end !== undefined) throw this.#startFailure(`${toldEnd(end)} before it was ready`);
      if (performance.now() > giveUpAt) {
        throw this.#startFailure(`was not ready after ${this.launch.startTimeoutMs / 1000} s`);
      }
      await Promise.race([sleep(POLL_MS), program.exited]);
    }
    if (end !== undefined) throw this.#startFailure(toldEnd(end));
    this.#hasBeenReady = true;
  }

  #givenUp(): AppError {
    return new AppError("CANCELLED", `The start of ${this.replica} was given up.`);
  }

  #startFailure(what: string): AppError {
    const { lines } = tailLog(this.launch.logFile, LOG_LINES);
    const said =
      lines.length === 0 ? "It said nothing." : `The end of its log:\n  ${lines.join("\n  ")}`;
    return new AppError("SERVICE_FAILED", `${this.replica} ${what}. ${said}`, {
      details: { replica: this.replica },
    });
  }
}

function toldEnd({ code, signal }: ProgramEnd): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
