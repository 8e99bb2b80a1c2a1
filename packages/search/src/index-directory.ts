/**
 * Where index files live: one complete file at a time, a new name for each build. SQLite's -wal
 * file belongs to a name, so a rebuilt index must never take the name of one that is still open.
 * The directory belongs to one process and one catalogue.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const INDEX_NAME = /^search-[0-9a-z]+-[0-9a-f]+\.sqlite$/;

export function newIndexFile(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const time = Date.now().toString(36).padStart(9, "0");
  return join(directory, `search-${time}-${randomBytes(4).toString("hex")}.sqlite`);
}

/** The complete index that was built last, or undefined. */
export function newestIndexFile(directory: string): string | undefined {
  mkdirSync(directory, { recursive: true });
  const newest = readdirSync(directory)
    .filter((name) => INDEX_NAME.test(name))
    .sort()
    .at(-1);
  return newest === undefined ? undefined : join(directory, newest);
}

/** Removes everything of search but `file`: older indexes, and what a killed build left. */
export function removeOtherIndexFiles(directory: string, file: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!name.startsWith("search-") || path.startsWith(file)) continue;
    try {
      rmSync(path, { force: true });
    } catch {
      // Some systems refuse to remove a file that is open; the next start does it.
    }
  }
}
