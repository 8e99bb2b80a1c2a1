// Real: a MySQL or MariaDB server. Nothing is fake.
import { beforeAll } from "vitest";
import { openMysqlStore } from "../src/open-store.ts";
import { describeStore } from "./describe-store.ts";
import { createDatabase, type TestDatabase } from "./mysql/test-database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  return () => database.drop();
});

describeStore("a MySQL or MariaDB server", async () => {
  const store = await openMysqlStore({ url: database.url });
  await emptyTables();
  return store;
});

/** Making the tables anew for each case would take most of the time. */
async function emptyTables(): Promise<void> {
  const tables = await database.run(
    "select table_name as name from information_schema.tables where table_schema = database()",
  );
  const filled = tables
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith("schema_") && name !== "counters");
  await database.run(
    "set foreign_key_checks = 0",
    ...filled.map((name) => `delete from ${name}`),
    "update counters set value = 0",
  );
}
