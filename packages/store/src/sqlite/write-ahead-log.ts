/** Brings SQLite's write-ahead log to disk without blocking the thread that commits. */
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "@segue/errors";

export interface WriteAheadLog {
  /** Resolves when everything committed before the call is on disk; throws STORE_UNAVAILABLE. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** For a database in WAL mode: the log is its neighbour and stays the same file while it is open. */
export function openWriteAheadLog(database: DatabaseSync): WriteAheadLog {
  const path = database.location();
  // A database in memory has no log.
  if (path === null) return { sync: async () => {}, close: async () => {} };
  let opened: Promise<FileHandle> | undefined;
  return {
    async sync() {
      try {
        // SQLite makes the file with the first transaction.
        opened ??= openForSync(`${path}-wal`);
        await (await opened).datasync();
      } catch (cause) {
        opened = undefined;
        // Without a log nothing was written, as by a commit of reads alone.
        if (isMissingFile(cause)) return;
        throw new AppError(
          "STORE_UNAVAILABLE",
          `The database ${path} could not bring its log to disk; check the disk and the file system for errors.`,
          { cause, details: { reason: "disk-failed" } },
        );
      }
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

/** A file that a crash can make disappear from its folder was not stored, so the folder is synced too. */
async function openForSync(path: string): Promise<FileHandle> {
  const file = await open(path, "r+");
  // Windows has no folders to open, and keeps their entries by itself.
  if (process.platform === "win32") return file;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
    return file;
  } finally {
    await folder.close();
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
