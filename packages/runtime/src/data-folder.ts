/** Where a process keeps what is its own: its database when that is a file, and what can be rebuilt. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "@segue/errors";

export interface DataFolder {
  readonly databaseFile: string;
  /** Held by the one `segue serve` that keeps its data here. */
  readonly lockFile: string;
  readonly searchFolder: string;
  /** State of unfinished training runs. */
  readonly trainingFolder: string;
  /** State of the cluster on this machine. */
  readonly clusterFolder: string;
}

export function dataFolder(dataDir: string): DataFolder {
  const root = resolve(dataDir);
  try {
    mkdirSync(root, { recursive: true });
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `The data folder ${root} cannot be made; set SEGUE_DATA_DIR to a folder that can be written.`,
      { cause },
    );
  }
  return {
    databaseFile: join(root, "segue.db"),
    lockFile: join(root, "serve.lock"),
    searchFolder: join(root, "search"),
    trainingFolder: join(root, "training"),
    clusterFolder: join(root, "cluster"),
  };
}
