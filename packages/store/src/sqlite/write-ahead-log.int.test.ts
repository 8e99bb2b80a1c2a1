// Real: SQLite and the file system. Nothing is fake.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { openWriteAheadLog } from "./write-ahead-log.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openDatabase(): { database: DatabaseSync; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "segue-log-"));
  folders.push(folder);
  const path = join(folder, "store.db");
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal;");
  return { database, path };
}

describe("write-ahead log", () => {
  it("is found once a transaction has made it, and synced again after a checkpoint", async () => {
    const { database } = openDatabase();
    const log = openWriteAheadLog(database);
    database.exec("create table song(id text)");
    await log.sync();
    database.exec("pragma wal_checkpoint(truncate); insert into song values('s1')");
    await expect(log.sync()).resolves.toBeUndefined();
    database.close();
    await log.close();
  });

  it("has nothing to sync before the first transaction, nor for a database in memory", async () => {
    const { database } = openDatabase();
    await expect(openWriteAheadLog(database).sync()).resolves.toBeUndefined();
    database.close();
    const memory = new DatabaseSync(":memory:");
    await expect(openWriteAheadLog(memory).sync()).resolves.toBeUndefined();
    memory.close();
  });

  it("says so when the log cannot be brought to disk", async () => {
    const { database } = openDatabase();
    const log = openWriteAheadLog(database);
    database.exec("create table song(id text)");
    await log.sync();
    await log.close();
    await expect(log.sync()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason: "disk-failed" },
    });
    database.close();
  });
});
