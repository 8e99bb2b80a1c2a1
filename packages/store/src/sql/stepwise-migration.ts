import { AppError } from "@segue/errors";
import { type Kysely, sql } from "kysely";
import type { ReadConnection } from "./database.ts";
import type { SqlDialect } from "./dialect.ts";
import type { Migration } from "./migrations.ts";

/** How far a migration got whose statements cannot be undone together. */
interface ProgressTable {
  number: number;
  checksum: string;
  /** Statements that are done for certain; the next one may be done too. */
  statements_done: number;
}

interface ProgressTables {
  schema_progress: ProgressTable;
}

export async function createProgress(
  connection: ReadConnection,
  { columnTypes: { id, integer }, tableOptions }: SqlDialect,
): Promise<void> {
  const statement = `create table if not exists schema_progress (
  number ${integer} not null primary key,
  checksum ${id} not null,
  statements_done ${integer} not null
)${tableOptions}`;
  await sql.raw(statement).execute(connection);
}

/**
 * Applies the statements one by one where each that changes the schema is a transaction of its own,
 * and goes on where a process died. The caller holds the lock on the schema.
 */
export async function applyStepwise(
  connection: ReadConnection,
  migration: Migration,
  checksum: string,
): Promise<void> {
  const progress = connection as unknown as Kysely<ProgressTables>;
  const { done, isResumed } = await findProgress(progress, migration, checksum);
  for (const [index, statement] of migration.statements.entries()) {
    if (index < done) continue;
    try {
      // Changes of rows become one with the note that they are done.
      await progress.transaction().execute(async (transaction) => {
        await sql.raw(statement).execute(transaction);
        await noteDone(transaction, migration.number, index + 1);
      });
    } catch (error) {
      const wasDone = isResumed && index === done && isThereAlready(error);
      if (!wasDone) throw error;
      await noteDone(progress, migration.number, index + 1);
    }
  }
}

async function findProgress(
  progress: Kysely<ProgressTables>,
  { number, name }: Migration,
  checksum: string,
): Promise<{ done: number; isResumed: boolean }> {
  const row = await progress
    .selectFrom("schema_progress")
    .selectAll()
    .where("number", "=", number)
    .executeTakeFirst();
  if (row === undefined) {
    await progress
      .insertInto("schema_progress")
      .values({ number, checksum, statements_done: 0 })
      .execute();
    return { done: 0, isResumed: false };
  }
  if (row.checksum === checksum) return { done: row.statements_done, isResumed: true };
  throw new AppError(
    "STORE_SCHEMA_UNKNOWN",
    `Schema step ${number} (${name}) was begun by another build of Segue, which got through ${row.statements_done} statements; start that build again to let it finish, or restore a copy made before the upgrade.`,
    { details: { found: number, statementsDone: row.statements_done } },
  );
}

async function noteDone(
  connection: Kysely<ProgressTables>,
  number: number,
  statementsDone: number,
): Promise<void> {
  await connection
    .updateTable("schema_progress")
    .set({ statements_done: statementsDone })
    .where("number", "=", number)
    .execute();
}

function isThereAlready(error: unknown): boolean {
  return error instanceof AppError && error.details["reason"] === "exists";
}
