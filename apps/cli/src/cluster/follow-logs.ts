/** Prints the logs of the processes, also of a cluster that has ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@segue/errors";
import { type ClusterFolder, shownPath } from "./cluster-folder.ts";
import { loggedReplicas, readLogFrom, tailLog } from "./log-files.ts";

export interface LogOptions {
  /** Absent: all of them. */
  readonly replica: string | undefined;
  readonly lineCount: number;
  /** Whether to go on with what comes; until the signal. */
  readonly isFollowing: boolean;
  readonly signal: AbortSignal;
  readonly print: (replica: string, line: string) => void;
}

const POLL_MS = 300;

/** Throws PROCESS_UNKNOWN when there is no such log. */
export async function printLogs(folder: ClusterFolder, options: LogOptions): Promise<void> {
  const { replica, lineCount, isFollowing, signal, print } = options;
  const named = () => loggedReplicas(folder.logFolder).filter((name) => (replica ?? name) === name);
  if (named().length === 0) throw unknownLog(folder, replica);
  const offsets = new Map<string, number>();
  for (const name of named()) {
    const { lines, offset } = tailLog(folder.logFile(name), lineCount);
    for (const line of lines) print(name, line);
    offsets.set(name, offset);
  }
  while (isFollowing && !signal.aborted) {
    await sleep(POLL_MS);
    // Also those of processes that have been added since.
    for (const name of named()) {
      const { lines, offset } = readLogFrom(folder.logFile(name), offsets.get(name) ?? 0);
      for (const line of lines) print(name, line);
      offsets.set(name, offset);
    }
  }
}

function unknownLog({ logFolder }: ClusterFolder, replica: string | undefined): AppError {
  const names = loggedReplicas(logFolder).join(", ");
  const what = replica === undefined ? "There are no logs" : `There is no log of ${replica}`;
  const others =
    names === "" ? "; start a cluster with `segue cluster up`" : `; there are ${names}`;
  return new AppError("PROCESS_UNKNOWN", `${what} in ${shownPath(logFolder)}${others}.`);
}
