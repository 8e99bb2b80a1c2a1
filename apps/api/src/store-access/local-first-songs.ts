/**
 * Songs by id from the copy of the catalogue beside this process; only what that lacks is asked of
 * the database. So recommendations go on while the database is away, and cost it nothing otherwise.
 * A song that was just imported is found in the database; one that was just edited or deleted stands
 * as it was until the copy is refreshed, within seconds.
 */
import type { CatalogueSong } from "@segue/domain";
import { AppError, toAppError } from "@segue/errors";
import type { SongCatalogue, SongSearch } from "../ports.ts";
import type { StoreAccess } from "./store-access.ts";

type SongsByIds = Pick<SongCatalogue, "songsByIds">;

export interface LocalFirstSongs {
  /** For checking: STORE_UNAVAILABLE when only the database could tell whether a song exists. */
  readonly known: SongsByIds;
  /** For showing: leaves out what cannot be told now. */
  readonly atHand: SongsByIds;
}

export interface LocalFirstSongsOptions {
  readonly local: Pick<SongSearch, "songsByIds">;
  readonly store: SongsByIds;
  readonly access: StoreAccess;
}

/** Of the songs of an answer the copy lacks hardly ever one: those that left the catalogue. */
const SHOWING_WAIT_MS = 150;

export function createLocalFirstSongs(options: LocalFirstSongsOptions): LocalFirstSongs {
  const { local, store, access } = options;
  const find = async (ids: readonly string[], ask: (missing: string[]) => Promise<Songs>) => {
    const found = local.songsByIds(ids);
    const missing = ids.filter((id) => !found.has(id));
    return missing.length === 0 ? found : new Map([...found, ...(await ask(missing))]);
  };
  return {
    known: {
      songsByIds: (ids) =>
        find(ids, async (missing) => {
          try {
            return await access.need(() => store.songsByIds(missing));
          } catch (thrown) {
            throw cannotBeAsked(missing, toAppError(thrown));
          }
        }),
    },
    atHand: {
      songsByIds: (ids) =>
        find(ids, async (missing) => {
          try {
            return await access.attempt(SHOWING_WAIT_MS, () => store.songsByIds(missing));
          } catch (thrown) {
            if (toAppError(thrown).code === "STORE_UNAVAILABLE") return new Map();
            throw thrown;
          }
        }),
    },
  };
}

type Songs = ReadonlyMap<string, CatalogueSong>;

function cannotBeAsked([first = "", ...others]: readonly string[], cause: AppError): AppError {
  if (cause.code !== "STORE_UNAVAILABLE") return cause;
  const named = `${JSON.stringify(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  const message = `The catalogue cannot be asked for ${named} while the database is away; try again soon`;
  return new AppError("STORE_UNAVAILABLE", message, { cause });
}
