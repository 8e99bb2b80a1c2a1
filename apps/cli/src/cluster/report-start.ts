/** How a supervisor tells what it does: on stderr, or to the parent that waits for its start. */
import { appendFileSync } from "node:fs";
import type { ClusterView } from "./cluster.ts";

/** Sent to the process that started a detached supervisor. */
export type StartMessage =
  | { readonly kind: "step"; readonly text: string }
  | { readonly kind: "ready"; readonly view: ClusterView }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

export interface SupervisorReport {
  step(text: string): void;
  /** Something that nobody asked for. */
  incident(text: string): void;
}

export interface ReportOptions {
  /** Keeps all of it, with the time. */
  readonly logFile: string;
  /** Whether a parent waits for the start; nobody reads the output then. */
  readonly isDetached: boolean;
}

export function createSupervisorReport({ logFile, isDetached }: ReportOptions): SupervisorReport {
  const startedAt = performance.now();
  const log = (text: string) => {
    try {
      appendFileSync(logFile, `${new Date().toISOString()} ${text}\n`);
    } catch {
      // Its folder is not made yet, or the disk is full: not a reason to end.
    }
  };
  return {
    step(text) {
      log(text);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
      if (isDetached) tellParent({ kind: "step", text });
      else console.error(`${seconds} s  ${text}`);
    },
    incident(text) {
      log(text);
      if (!isDetached) console.error(`${new Date().toTimeString().slice(0, 8)}  ${text}`);
    },
  };
}

/** Does nothing once the parent has left. */
export function tellParent(message: StartMessage): void {
  if (process.connected) process.send?.(message);
}
