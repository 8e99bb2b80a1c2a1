import { createHash } from "node:crypto";
import { AppError } from "@segue/errors";
import { sql } from "kysely";
import type { Database, ReadConnection } from "./database.ts";
import type { SqlDialect } from "./dialect.ts";
import { type Migration, migrationsFor } from "./migrations.ts";
import { applyStepwise, createProgress } from "./stepwise-migration.ts";

/**
 * Brings the schema up to date while other processes are kept out. A step that fails is undone as a
 * whole, or, where the database cannot do that, gone on with at the next start. Throws
 * STORE_SCHEMA_UNKNOWN for a schema that a newer Segue wrote, or whose history differs from ours.
 */
export async function migrate(
  database: Database,
  dialect: SqlDialect,
  migrations: readonly Migration[] = migrationsFor(dialect),
): Promise<void> {
  await database.changeSchema(async (connection) => {
    await createHistory(connection, dialect);
    if (!dialect.hasTransactionalSchema) await createProgress(connection, dialect);
    const applied = await connection
      .selectFrom("schema_migrations")
      .selectAll()
      .orderBy("number")
      .execute();
    assertKnown(applied, migrations);
    for (const migration of migrations.slice(applied.length)) {
      if (dialect.hasTransactionalSchema) await applyWhole(connection, migration);
      else await applyStepwise(connection, migration, checksumOf(migration));
      await addToHistory(connection, migration);
    }
  });
}

async function createHistory(connection: ReadConnection, dialect: SqlDialect): Promise<void> {
  const { id, integer } = dialect.columnTypes;
  const statement = `create table if not exists schema_migrations (
  number ${integer} not null primary key,
  name ${id} not null,
  checksum ${id} not null,
  applied_at ${integer} not null
)${dialect.tableOptions}`;
  await sql.raw(statement).execute(connection);
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

async function applyWhole(connection: ReadConnection, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(connection);
}

async function addToHistory(connection: ReadConnection, migration: Migration): Promise<void> {
  await connection
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
