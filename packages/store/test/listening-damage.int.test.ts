// Real: a SQLite file that several stores open. Nothing is fake.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { createSqliteDialect } from "../src/sqlite/sqlite-dialect.ts";
import { describeDamage } from "./listening-damage-cases.ts";

describeDamage(async () => {
  const folder = await mkdtemp(join(tmpdir(), "segue-damage-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "segue.db");
  return {
    dialect: createSqliteDialect({ path }),
    run: async (...statements) => {
      const database = new DatabaseSync(path);
      for (const statement of statements) database.exec(statement);
      database.close();
    },
  };
});
