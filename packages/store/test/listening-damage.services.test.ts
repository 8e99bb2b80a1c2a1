// Real: a MySQL or MariaDB server, on which several stores are one database's. Nothing is fake.
import { onTestFinished } from "vitest";
import { createMysqlDialect } from "../src/mysql/mysql-dialect.ts";
import { describeDamage } from "./listening-damage-cases.ts";
import { createDatabase } from "./mysql/test-database.ts";

describeDamage(async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { dialect: await createMysqlDialect({ url: database.url }), run: database.run };
});
