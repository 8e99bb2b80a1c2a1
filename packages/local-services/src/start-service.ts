/** Starts a planned service and waits until it serves. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@segue/errors";
import { removeContainer } from "./docker-engine.ts";
import { isPortFree } from "./free-port.ts";
import { lastLines } from "./run-command.ts";
import type { ServiceLaunch } from "./service-launch.ts";
import { type RunningProgram, startProgram } from "./start-program.ts";

export interface StartOptions {
  readonly logFile: string;
}

const POLL_MS = 50;

/**
 * Throws SERVICE_FAILED when another program holds the port. Several brokers are started before the
 * first can be ready: they wait for the majority of each other.
 */
export async function startService(
  launch: ServiceLaunch,
  { logFile }: StartOptions,
): Promise<RunningProgram> {
  if (launch.container !== undefined) await removeContainer(launch.container);
  if (!(await isPortFree(launch.port))) {
    throw new AppError(
      "SERVICE_FAILED",
      `${launch.name} cannot listen on 127.0.0.1:${launch.port}, which another program holds; ` +
        "end that program or start again with another port.",
    );
  }
  return startProgram({ ...launch, logFile });
}

/**
 * Resolves once the service answers; throws SERVICE_FAILED with the end of its log when it ends
 * before, or when it does not answer within `timeoutMs`.
 */
export async function waitUntilReady(
  launch: ServiceLaunch,
  program: RunningProgram,
  timeoutMs: number,
): Promise<void> {
  let end: string | undefined;
  void program.exited.then(({ code, signal }) => {
    end = `ended with ${signal ?? `code ${code}`} before it was ready`;
  });
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await launch.isReady()) || end !== undefined) {
    if (performance.now() >= giveUpAt) end ??= `was not ready within ${timeoutMs / 1000} s`;
    if (end !== undefined) throw await failure(launch, program, end);
    await sleep(POLL_MS);
  }
}

async function failure(
  launch: ServiceLaunch,
  program: RunningProgram,
  what: string,
): Promise<AppError> {
  const said = lastLines(await readFile(program.logFile, "utf8").catch(() => ""));
  return new AppError(
    "SERVICE_FAILED",
    `${launch.name} ${what}; the end of ${program.logFile} tells why:\n${said}`,
  );
}
