// Real: a MySQL or MariaDB server and processes that are killed. Nothing is fake.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createMysqlDialect } from "../../src/mysql/mysql-dialect.ts";
import { openMysqlStore, type Store } from "../../src/open-store.ts";
import { Database } from "../../src/sql/database.ts";
import { migrate } from "../../src/sql/migrate.ts";
import { type Migration, migrationsFor } from "../../src/sql/migrations.ts";
import { song } from "../samples.ts";
import { createDatabase, type TestDatabase } from "./test-database.ts";

const OPENER = join(import.meta.dirname, "opener.ts");

let database: TestDatabase;

beforeEach(async () => {
  const created = await createDatabase();
  onTestFinished(() => created.drop());
  database = created;
});

async function open(): Promise<Store> {
  const store = await openMysqlStore({ url: database.url, connectionsMax: 2 });
  onTestFinished(() => store.close());
  return store;
}

async function expectWhole(): Promise<void> {
  const store = await open();
  const known = migrationsFor(await createMysqlDialect({ url: database.url }));
  expect(await database.run("select number from schema_migrations")).toHaveLength(known.length);
  expect(await database.run("select name from counters")).toHaveLength(13);
  await store.songs.upsertSongs([song("s1")]);
  await store.log.commit("group", "topic", 0, 1n);
  expect(await store.songs.songCount()).toBe(1);
}

/** In a process of its own. */
async function startOpening(): Promise<ChildProcess> {
  const args = ["--disable-warning=ExperimentalWarning", OPENER, database.url];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe("MySQL store schema", () => {
  it("is made once when several processes open an empty database together", async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, open));
    await stores[2]?.songs.upsertSongs([song("s1")]);
    expect(await stores[0]?.songs.songCount()).toBe(1);
    await expectWhole();
  });

  it("is finished by the next process when one is killed while it makes it", async () => {
    for (const afterMs of [20, 60, 120, 200]) {
      const child = await startOpening();
      await setTimeout(afterMs);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await expectWhole();
  });

  it("goes on behind a statement that was done but not noted any more", async () => {
    await (await open()).close();
    await database.run("delete from schema_migrations");
    await database.run("update schema_progress set statements_done = statements_done - 1");
    await expectWhole();
  });

  it("says how far another build got with a step that it did not finish", async () => {
    const dialect = await createMysqlDialect({ url: database.url });
    const schema = new Database(await dialect.connect());
    onTestFinished(() => schema.close());
    const known = migrationsFor(dialect);
    const step = (last: string): readonly Migration[] => [
      ...known,
      {
        number: known.length + 1,
        name: "moods",
        statements: [
          "create table moods (name varchar(9))",
          "insert into moods values ('calm')",
          last,
        ],
      },
    ];
    await expect(migrate(schema, dialect, step("create nonsense"))).rejects.toMatchObject({
      code: "INTERNAL",
    });
    // A corrected step is another one.
    await expect(migrate(schema, dialect, step("select 1"))).rejects.toMatchObject({
      code: "STORE_SCHEMA_UNKNOWN",
      details: { found: known.length + 1, statementsDone: 2 },
    });
    expect(await database.run("select name from moods")).toEqual([{ name: "calm" }]);
  });

  it("is refused when a newer Segue wrote it, and when an applied step differs from ours", async () => {
    await (await open()).close();
    await database.run("insert into schema_migrations values (99, 'from the future', 'x', 0)");
    const refused = { code: "STORE_SCHEMA_UNKNOWN" };
    await expect(open()).rejects.toMatchObject({ ...refused, details: { found: 99 } });
    await database.run("delete from schema_migrations where number = 99");
    await database.run("update schema_migrations set checksum = 'edited'");
    await expect(open()).rejects.toMatchObject({ ...refused, details: { found: 1 } });
  });

  it("is not put beside the tables of something else", async () => {
    await database.run("create table songs (tune text)");
    await expect(open()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("name an empty one") as string,
    });
    expect(await database.run("select tune from songs")).toEqual([]);
  });

  it("takes long names, and refuses those beyond", async () => {
    const store = await open();
    const longest = "🎵".repeat(255);
    await store.songs.upsertSongs([song(longest, { title: "ä".repeat(16_000) })]);
    expect((await store.songs.songsByIds([longest])).get(longest)?.title).toHaveLength(16_000);
    await expect(store.songs.upsertSongs([song(`${longest}x`)])).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      details: { reason: "too-long" },
    });
    const odd = "'; -- \\ \" \0 \n % _ ? ?? :a `b` \u{10ffff}";
    await store.songs.upsertSongs([song(odd, { artist: odd })]);
    expect((await store.songs.songsByIds([odd])).get(odd)?.artist).toBe(odd);
  });
});
