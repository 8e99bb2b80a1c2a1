import { sql, type Transaction } from "kysely";
import type { Tables } from "./tables.ts";

export type AttemptOutcome<T> = { readonly result: T } | { readonly error: unknown };

/**
 * Runs a part of a transaction behind a savepoint: a part that throws leaves nothing behind, and what
 * was done before it stays. Attempts within one another have different names. Throws when the
 * transaction as a whole is gone.
 */
export async function attempt<T>(
  transaction: Transaction<Tables>,
  name: "one_write" | "settlement",
  work: () => Promise<T>,
): Promise<AttemptOutcome<T>> {
  const savepoint = sql.id(name);
  await sql`savepoint ${savepoint}`.execute(transaction);
  try {
    const result = await work();
    await sql`release savepoint ${savepoint}`.execute(transaction);
    return { result };
  } catch (error) {
    try {
      await sql`rollback to savepoint ${savepoint}`.execute(transaction);
      await sql`release savepoint ${savepoint}`.execute(transaction);
    } catch {
      // A full disk ends the whole transaction, and the savepoint with it: the reason is what counts.
      throw error;
    }
    return { error };
  }
}
