/** Starts a program that serves until it is stopped, with everything it says in a log file. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, invariant } from "@segue/errors";
import { identityOf, type ProcessIdentity } from "./process-identity.ts";
import { runCommand } from "./run-command.ts";
import type { Container } from "./service-launch.ts";

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the program; absent: that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Working folder; absent: that of this process. */
  readonly folder?: string;
  /** Appended to; its folder is created. */
  readonly logFile: string;
  readonly container?: Container;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  /** For a state file, so that the process can be ended by one that did not start it. */
  readonly identity: ProcessIdentity;
  readonly logFile: string;
  readonly exited: Promise<ProgramEnd>;
  /** SIGTERM, then SIGKILL after `graceMs`; may be called again with less. */
  stop(graceMs: number): Promise<ProgramEnd>;
  /** Does nothing once the program has ended. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * The program leads a process group of its own: Ctrl-C in a terminal reaches the starter alone,
 * which then stops its programs in the order that loses no request. It does not end with its
 * starter. Throws SERVICE_FAILED when there is no such program.
 */
export function startProgram(options: ProgramOptions): RunningProgram {
  const { name, logFile } = options;
  const child = spawnDetached(options);
  const { pid } = child;
  if (pid === undefined) {
    throw new AppError(
      "SERVICE_FAILED",
      `${name} did not start: ${options.command} does not exist or may not be run; ` +
        "install it, or correct its permissions.",
    );
  }
  let hasExited = false;
  const { promise: exited, resolve } = Promise.withResolvers<ProgramEnd>();
  child.once("exit", (code, signal) => {
    hasExited = true;
    resolve({ code, signal });
  });
  // Node reaps a child only after its exit event, so that the pid is still this child's.
  const identity = identityOf(pid) ?? { pid, startTime: "ended" };
  const kill = (signal: NodeJS.Signals) => {
    if (!hasExited) signalProgram(pid, signal, options.container);
  };
  const stop = async (graceMs: number) => {
    kill("SIGTERM");
    kill("SIGCONT");
    const timer = setTimeout(() => kill("SIGKILL"), graceMs);
    const end = await exited;
    clearTimeout(timer);
    return end;
  };
  return { name, pid, identity, logFile, exited, stop, kill };
}

function spawnDetached(options: ProgramOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a");
  try {
    const child = spawn(options.command, options.args, {
      detached: true,
      stdio: ["ignore", log, log],
      ...(options.environment === undefined ? {} : { env: options.environment }),
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
    });
    // Told by the missing pid already.
    child.on("error", () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

function signalProgram(
  pid: number,
  signal: NodeJS.Signals,
  container: Container | undefined,
): void {
  invariant(pid > 1, "a program has a pid of its own");
  if (container !== undefined) {
    void runCommand(container.docker, ["kill", `--signal=${signal}`, container.name]);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended and its exit event is under way.
  }
}
