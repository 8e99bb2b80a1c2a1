/** Starts the reaper and keeps one for as long as the supervisor lives. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProcessIdentity } from "@segue/local-services";
import type { ClusterFolder } from "./cluster-folder.ts";
import { SUPERVISOR_LOG } from "./log-files.ts";

export interface ReaperProcess {
  /** Lets it go without ending anything. */
  dismiss(): void;
}

const PROGRAM = fileURLToPath(new URL("./reaper.ts", import.meta.url));
const PAUSE_MS = 1_000;

export function startReaper(folder: ClusterFolder, supervisor: ProcessIdentity): ReaperProcess {
  let isDismissed = false;
  const start = (): ChildProcess => {
    const log = openSync(folder.logFile(SUPERVISOR_LOG), "a");
    // Detached: Ctrl-C and the end of a terminal are not for it.
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        "--max-old-space-size=32",
        PROGRAM,
        folder.stateFile,
        JSON.stringify(supervisor),
      ],
      { detached: true, stdio: ["pipe", "ignore", log] },
    );
    closeSync(log);
    child.stdin?.on("error", () => undefined);
    child.on("error", () => undefined);
    child.once("exit", () => {
      if (isDismissed) return;
      setTimeout(() => {
        if (!isDismissed) current = start();
      }, PAUSE_MS).unref();
    });
    child.unref();
    return child;
  };
  let current = start();
  return {
    dismiss() {
      isDismissed = true;
      current.stdin?.end("down");
    },
  };
}
