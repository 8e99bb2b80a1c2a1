import { copyFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { play, song, songs } from "../../test/samples.ts";
import { openStore, type Store } from "../open-store.ts";
import { Database } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { migrationsFor } from "../sql/migrations.ts";
import { createSqliteDialect, type SqliteOptions } from "./sqlite-dialect.ts";

let folder: string;
let path: string;

async function open(options: Partial<SqliteOptions> = {}): Promise<Store> {
  const store = await openStore({ path, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** The file as another program sees it. */
function raw(statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-sqlite-"));
  path = join(folder, "segue.db");
  onTestFinished(() => rm(folder, { recursive: true }));
});

describe("SQLite store file", () => {
  it("keeps what was stored when it is opened again", async () => {
    const first = await openStore({ path });
    await first.songs.upsertSongs([song("s1")]);
    await first.plays.appendPlays([play("1")]);
    await first.close();
    const second = await open();
    expect(await second.songs.songCount()).toBe(1);
    expect(await second.songs.currentRevision()).toBeGreaterThan(1);
    expect((await second.songs.songsByIds(["s1"])).get("s1")?.popularity).toBe(1);
  });

  it("lets two connections write in turns and read without waiting", async () => {
    const [one, other] = [await open(), await open()];
    const writes = songs(40).map((each, index) =>
      (index % 2 === 0 ? one : other).songs.upsertSongs([each]),
    );
    await Promise.all(writes);
    expect([await one.songs.songCount(), await other.songs.songCount()]).toEqual([40, 40]);
  });

  it("says who is in the way when another process keeps the lock", async () => {
    const store = await open({ lockWaitMs: 100 });
    const holder = new DatabaseSync(path);
    holder.exec("begin immediate");
    await expect(store.songs.upsertSongs([song("s1")])).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason: "locked" },
      message: expect.stringContaining("another process") as string,
    });
    expect(await store.songs.songCount()).toBe(0);
    holder.exec("rollback");
    holder.close();
    expect(await store.songs.upsertSongs([song("s1")])).toEqual(["inserted"]);
  });

  it("refuses the whole batch on a full disk, stays consistent, and goes on when there is room", async () => {
    await (await openStore({ path })).close();
    const small = await openStore({ path, sizeBytesMax: 400_000 });
    const batch = songs(4_000);
    let stored = 0;
    const fill = async (): Promise<void> => {
      for (; stored < batch.length; stored += 500) {
        await small.songs.upsertSongs(batch.slice(stored, stored + 500));
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason: "disk-full" },
    });
    expect(await small.songs.songCount()).toBe(stored);
    expect(await small.findDamage()).toEqual([]);
    await small.close();
    const roomy = await open();
    await roomy.songs.upsertSongs(batch);
    expect(await roomy.songs.songCount()).toBe(4_000);
  });

  it("says that it is read-only when something is to be stored", async () => {
    await (await openStore({ path })).close();
    // Permissions do not bind root; opening it this way binds everybody.
    const store = await open({ path: `file:${path}?mode=ro` });
    await expect(store.songs.upsertSongs([song("s1")])).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason: "read-only" },
    });
  });

  it("shows no model whose weights did not fit on the disk", async () => {
    const small = await open({ sizeBytesMax: 1_000_000 });
    await expect(
      small.models.registerModel({ version: "v1" }, [new Uint8Array(4_000_000)], {
        chunkBytes: 100_000,
      }),
    ).rejects.toMatchObject({ details: { reason: "disk-full" } });
    expect(await small.models.listModels()).toEqual([]);
    expect(await small.findDamage()).toEqual([]);
  });

  it("names version and chunk when stored weights were damaged", async () => {
    const store = await open();
    const bytes = new Uint8Array(5_000).fill(7);
    await store.models.registerModel({ version: "v1" }, [bytes], { chunkBytes: 1_000 });
    raw("update model_chunks set content = zeroblob(1000) where chunk_index = 3");
    const source = await store.models.openModel("v1");
    expect(await source.read(0, 3_000)).toEqual(bytes.subarray(0, 3_000));
    await expect(source.read(2_999, 2)).rejects.toMatchObject({
      code: "MODEL_CHECKSUM_MISMATCH",
      details: { version: "v1", chunk: 3 },
    });
    raw("delete from model_chunks where chunk_index = 4");
    await expect(source.read(4_000, 1)).rejects.toMatchObject({ details: { chunk: 4 } });
  });
});

describe("SQLite store schema", () => {
  it("is refused when a newer Segue wrote it, and left alone", async () => {
    await (await openStore({ path })).close();
    raw("insert into schema_migrations values (99, 'from the future', 'x', 0)");
    await expect(openStore({ path })).rejects.toMatchObject({
      code: "STORE_SCHEMA_UNKNOWN",
      details: { found: 99, known: 3 },
    });
  });

  it("is refused when an applied step differs from ours", async () => {
    await (await openStore({ path })).close();
    raw("update schema_migrations set checksum = 'edited'");
    await expect(openStore({ path })).rejects.toMatchObject({ code: "STORE_SCHEMA_UNKNOWN" });
  });

  it("is made once when several open an empty file together", async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await stores[2].songs.upsertSongs([song("s1")]);
    expect(await stores[0].songs.songCount()).toBe(1);
  });

  it("takes a failing step back as a whole, and runs it when it is corrected", async () => {
    const dialect = createSqliteDialect({ path });
    const database = new Database(await dialect.connect());
    onTestFinished(() => database.close());
    const known = migrationsFor(dialect);
    const step = (last: string) => [
      ...known,
      {
        number: known.length + 1,
        name: "moods",
        statements: ["create table moods (name text)", last],
      },
    ];
    await expect(migrate(database, dialect, step("create nonsense"))).rejects.toMatchObject({
      code: "INTERNAL",
    });
    await migrate(database, dialect, step("create index moods_by_name on moods (name)"));
    await migrate(database, dialect, step("create index moods_by_name on moods (name)"));
  });
});

describe("SQLite store that cannot be opened", () => {
  it.each([
    ["in a folder that does not exist", async () => join(folder, "none", "x.db"), "cannot-open"],
    [
      "that is another kind of file",
      async () => {
        await writeFile(path, "title,artist\n".repeat(1_000));
        return path;
      },
      "not-a-database",
    ],
    [
      "that lost its second half",
      async () => {
        const store = await openStore({ path });
        await store.songs.upsertSongs(songs(2_000));
        await store.close();
        const copy = join(folder, "copy.db");
        await copyFile(path, copy);
        await truncate(copy, 8192);
        return copy;
      },
      "corrupt",
    ],
  ])("says what is wrong with a file %s", async (_, prepare, reason) => {
    const broken = await prepare();
    await expect(openStore({ path: broken })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason },
      message: expect.stringContaining(broken) as string,
    });
  });
});
