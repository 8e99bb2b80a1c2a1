/** Where a cluster on this machine keeps its state; only this user may look inside. */
import { chmodSync, mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { AppError } from "@segue/errors";

export interface ClusterFolder {
  readonly path: string;
  /** Held by the supervisor for as long as it lives. */
  readonly lockFile: string;
  /** What the supervisor has started; outlives it. */
  readonly stateFile: string;
  /** A Unix socket. */
  readonly controlSocket: string;
  readonly logFolder: string;
  logFile(replica: string): string;
  /** The data folder of one process. */
  dataFolder(replica: string): string;
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the last of them zero. */
const SOCKET_PATH_BYTES_MAX = 103;

export function clusterFolder(dataDir: string): ClusterFolder {
  const path = resolve(dataDir, "cluster");
  const logFolder = join(path, "logs");
  return {
    path,
    lockFile: join(path, "supervisor.lock"),
    stateFile: join(path, "state.json"),
    controlSocket: join(path, "control.sock"),
    logFolder,
    logFile: (replica) => join(logFolder, `${replica}.log`),
    dataFolder: (replica) => join(path, replica),
  };
}

/** Throws CONFIG_INVALID when the folder cannot be used. */
export function makeClusterFolder({ path, logFolder, controlSocket }: ClusterFolder): void {
  const excess = Buffer.byteLength(controlSocket) - SOCKET_PATH_BYTES_MAX;
  if (excess > 0) {
    throw new AppError(
      "CONFIG_INVALID",
      `The path of the control socket, ${controlSocket}, is ${excess} bytes longer than this ` +
        "system allows; set SEGUE_DATA_DIR to a folder with a shorter path.",
    );
  }
  try {
    mkdirSync(logFolder, { recursive: true });
    chmodSync(path, 0o700);
  } catch (error) {
    throw new AppError(
      "CONFIG_INVALID",
      `The folder ${path} cannot be made; set SEGUE_DATA_DIR to a folder that can be written.`,
      { cause: error },
    );
  }
}

/** As short as it can be told to someone who stands in the current folder. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
}
