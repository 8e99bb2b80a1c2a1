/** Where everything is kept: the database and, beside it, what can be rebuilt from it. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "@segue/errors";
import { openStore, type Store } from "@segue/store";

export interface DataFolder {
  readonly databaseFile: string;
  readonly searchFolder: string;
  /** State of unfinished training runs. */
  readonly trainingFolder: string;
}

export function dataFolder(dataDir: string): DataFolder {
  const root = resolve(dataDir);
  try {
    mkdirSync(root, { recursive: true });
  } catch (error) {
    throw new AppError(
      "CONFIG_INVALID",
      `The data folder ${root} cannot be made; set SEGUE_DATA_DIR to a folder that can be written.`,
      {
        cause: error,
      },
    );
  }
  return {
    databaseFile: join(root, "segue.db"),
    searchFolder: join(root, "search"),
    trainingFolder: join(root, "training"),
  };
}

/** Opens the store for one command and closes it whatever happens. */
export async function withStore<Result>(
  dataDir: string,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore({ path: dataFolder(dataDir).databaseFile });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
