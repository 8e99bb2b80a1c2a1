/** Ends programs whose starter died without ending them, as after `kill -9`. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "@segue/errors";
import type { ReaperMessage, WatchedProgram } from "./reaper-main.ts";

export interface Reaper {
  watch(program: WatchedProgram): void;
  /** Removed with all it holds, after the programs have ended. */
  watchFolder(folder: string): void;
  /** Everything has been ended: there is nothing to do any more. */
  dismiss(): void;
}

/**
 * A process of its own, out of the reach of Ctrl-C, which acts when the pipe from this process
 * breaks. Keeps nobody alive.
 *
 * @param graceMs between SIGTERM and SIGKILL
 */
export function startReaper(graceMs: number): Reaper {
  const program = fileURLToPath(new URL("./reaper-main.ts", import.meta.url));
  const child = spawn(process.execPath, [program, String(graceMs)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const pipe = child.stdin;
  child.on("error", () => undefined);
  // A reaper that was killed reads no more; there is nobody to tell.
  pipe.on("error", () => undefined);
  if (child.pid === undefined) {
    throw new AppError(
      "SERVICE_FAILED",
      `${process.execPath} cannot be run again; reinstall Node.`,
    );
  }
  child.unref();
  if ("unref" in pipe && typeof pipe.unref === "function") pipe.unref();
  const tell = (message: ReaperMessage) => pipe.write(`${JSON.stringify(message)}\n`);
  return {
    watch: ({ identity, container }) =>
      tell({ program: { identity, ...(container === undefined ? {} : { container }) } }),
    watchFolder: (folder) => tell({ folder }),
    dismiss: () => void child.kill("SIGKILL"),
  };
}
