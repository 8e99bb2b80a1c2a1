/** The picks of the last visit, kept in the browser so that a reload or a new visit finds them. */
import { parseSongs, type Song } from "../api/wire.ts";

const KEY = "segue.picks";

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

export function rememberPicks(storage: Storage, songs: readonly Song[]): void {
  try {
    storage.setItem(KEY, JSON.stringify({ songs }));
  } catch {
    // A full or forbidden storage costs the memory of the picks, not the page; the address has them.
  }
}

/** What cannot be read is forgotten: an older version of the page may have written it. */
export function recallPicks(storage: Storage): readonly Song[] {
  try {
    return parseSongs(JSON.parse(storage.getItem(KEY) ?? '{"songs":[]}'));
  } catch {
    return [];
  }
}
