/** What a supervisor has started, on disk, so that it can be ended when the supervisor is gone. */
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { type Container, endProcess, isAlive, type ProcessIdentity } from "@segue/local-services";
import { writeAtomically } from "../output/write-atomically.ts";

export interface StartedProcess {
  readonly replica: string;
  readonly identity: ProcessIdentity;
  readonly container?: Container;
}

export interface ClusterState {
  readonly supervisor: ProcessIdentity;
  /** Such as `http://127.0.0.1:8080`; null until it is known. */
  readonly address: string | null;
  readonly processes: readonly StartedProcess[];
}

/** As long as a broker may take to close its logs. */
const GRACE_MS = 5_000;

/** For this user alone. */
export function writeClusterState(file: string, state: ClusterState): void {
  writeAtomically(file, JSON.stringify(state), 0o600);
}

/** Undefined when there is none, or none that can be read. */
export function readClusterState(file: string): ClusterState | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ClusterState;
  } catch {
    return undefined;
  }
}

export function removeClusterState(file: string): void {
  rmSync(file, { force: true });
}

/** Ends every process that still lives, and nothing that merely has the pid of one. */
export async function endLeftovers(state: ClusterState): Promise<readonly string[]> {
  const living = state.processes.filter(
    ({ identity, container }) => container !== undefined || isAlive(identity),
  );
  await Promise.all(
    living.map(async ({ identity, container }) => {
      // A container outlives the client that started it.
      if (container !== undefined) await removeContainer(container);
      await endProcess(identity, GRACE_MS);
    }),
  );
  return living.map(({ replica }) => replica);
}

async function removeContainer({ docker, name }: Container): Promise<void> {
  try {
    await promisify(execFile)(docker, ["rm", "--force", name]);
  } catch {
    // It is gone already, or so is Docker.
  }
}
