/** The database that the settings name: a server, or a file in the data folder. */
import { openMysqlStore, openStore, type Store } from "@segue/store";
import { dataFolder } from "./data-folder.ts";

export interface StoreSettings {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly databaseTlsCa: string | undefined;
  readonly databaseConnectionsMax: number;
}

/** Throws STORE_UNAVAILABLE while the server is away, CONFIG_INVALID when it refuses the user. */
export function openConfiguredStore(settings: StoreSettings): Promise<Store> {
  const { dataDir, databaseUrl, databaseTlsCa, databaseConnectionsMax } = settings;
  if (databaseUrl === undefined) return openStore({ path: dataFolder(dataDir).databaseFile });
  return openMysqlStore({
    url: databaseUrl,
    connectionsMax: databaseConnectionsMax,
    ...(databaseTlsCa === undefined ? {} : { tls: { caFile: databaseTlsCa } }),
  });
}

/** Opens the store for one command and closes it whatever happens. */
export async function withStore<Result>(
  settings: StoreSettings,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openConfiguredStore(settings);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
