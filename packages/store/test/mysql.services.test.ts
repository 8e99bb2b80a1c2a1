// Real: a MySQL or MariaDB server. Nothing is fake.
import { onTestFinished } from "vitest";
import { openMysqlStore } from "../src/open-store.ts";
import { describeStore } from "./describe-store.ts";
import { createDatabase } from "./mysql/test-database.ts";

describeStore("a MySQL or MariaDB server", async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return openMysqlStore({ url: database.url });
});
