/**
 * One owner for one folder. The lock is SQLite's on a file of its own: the system gives it back when
 * its holder ends, however that happens, so that no lock is ever stale.
 */
import { DatabaseSync } from "node:sqlite";

export interface FolderLock {
  release(): void;
}

/** Undefined while another process, or another part of this one, holds it. */
export function takeFolderLock(file: string): FolderLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && error.message.includes("locked")) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
