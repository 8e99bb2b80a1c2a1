import { createHash } from "node:crypto";
import { AppError } from "@segue/errors";
import { sql } from "kysely";
import type { Database, WriteTransaction } from "./database.ts";
import type { SqlDialect } from "./dialect.ts";
import { type Migration, migrationsFor } from "./migrations.ts";

/**
 * Brings the schema up to date, in one transaction that keeps other processes out. Throws
 * STORE_SCHEMA_UNKNOWN for a schema that a newer Segue wrote, or whose history differs from ours.
 */
export async function migrate(
  database: Database,
  dialect: SqlDialect,
  migrations: readonly Migration[] = migrationsFor(dialect),
): Promise<void> {
  await database.write(async (transaction) => {
    await createHistory(transaction, dialect);
    const applied = await transaction
      .selectFrom("schema_migrations")
      .selectAll()
      .orderBy("number")
      .execute();
    assertKnown(applied, migrations);
    for (const migration of migrations.slice(applied.length)) await apply(transaction, migration);
  });
}

async function createHistory(transaction: WriteTransaction, dialect: SqlDialect): Promise<void> {
  const { id, integer } = dialect.columnTypes;
  const statement = `create table if not exists schema_migrations (
  number ${integer} not null primary key,
  name ${id} not null,
  checksum ${id} not null,
  applied_at ${integer} not null
)${dialect.tableOptions}`;
  await sql.raw(statement).execute(transaction);
}

function assertKnown(
  applied: readonly { number: number; name: string; checksum: string }[],
  migrations: readonly Migration[],
): void {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.number > migrations.length) {
    throw new AppError(
      "STORE_SCHEMA_UNKNOWN",
      `The database has schema ${newest.number} (${newest.name}), and this Segue knows schemas up to ${migrations.length}; run the newer Segue that wrote it, or restore a copy made before the upgrade.`,
      { details: { found: newest.number, known: migrations.length } },
    );
  }
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.number === row.number && checksumOf(migration) === row.checksum) continue;
    throw new AppError(
      "STORE_SCHEMA_UNKNOWN",
      `Schema step ${row.number} (${row.name}) of the database differs from this Segue's; it was written by a build that was never released. Run that build, or start with an empty data folder.`,
      { details: { found: row.number } },
    );
  }
}

async function apply(transaction: WriteTransaction, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(transaction);
  await transaction
    .insertInto("schema_migrations")
    .values({
      number: migration.number,
      name: migration.name,
      checksum: checksumOf(migration),
      applied_at: Date.now(),
    })
    .execute();
}

function checksumOf(migration: Migration): string {
  return createHash("sha256").update(migration.statements.join(";\n")).digest("hex");
}
