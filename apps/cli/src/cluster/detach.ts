/** Starts the supervisor in the background and waits until its cluster is ready. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { AppError, CODE_TABLE, type ErrorCode } from "@segue/errors";
import type { StepListener } from "@segue/local-services";
import type { ClusterView } from "./cluster.ts";
import { type ClusterFolder, makeClusterFolder, shownPath } from "./cluster-folder.ts";
import { SUPERVISOR_LOG } from "./log-files.ts";
import type { StartMessage } from "./report-start.ts";

export interface DetachOptions {
  readonly folder: ClusterFolder;
  /** Of this program, for the supervisor. */
  readonly args: readonly string[];
  /** Gives the start up; everything has ended when the call rejects. */
  readonly signal: AbortSignal;
  readonly onStep: StepListener;
}

/** Throws what the supervisor failed with. */
export async function startDetached(options: DetachOptions): Promise<ClusterView> {
  const { folder, args, signal, onStep } = options;
  makeClusterFolder(folder);
  const logFile = folder.logFile(SUPERVISOR_LOG);
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const cancel = () => child.kill("SIGTERM");
  signal.addEventListener("abort", cancel, { once: true });
  const outcome = Promise.withResolvers<ClusterView>();
  let failure: AppError | undefined;
  child.on("message", (message: StartMessage) => {
    if (message.kind === "step") onStep(message.text);
    else if (message.kind === "ready") outcome.resolve(message.view);
    else failure = toStartError(message);
  });
  child.once("error", outcome.reject);
  child.once("exit", () => {
    const unknown = new AppError(
      "SERVICE_FAILED",
      `The supervisor ended before the cluster was ready; see ${shownPath(logFile)}.`,
    );
    outcome.reject(failure ?? unknown);
  });
  try {
    return await outcome.promise;
  } finally {
    signal.removeEventListener("abort", cancel);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function toStartError({ code, message }: { code: string; message: string }): AppError {
  return new AppError(code in CODE_TABLE ? (code as ErrorCode) : "INTERNAL", message);
}
