import { deletePlaysOf } from "../plays/play-repository.ts";
import { deleteReceiptsOf } from "../receipts/receipt-repository.ts";
import { deleteSessionsOf } from "../sessions/session-repository.ts";
import type { Database } from "../sql/database.ts";

/** What was removed. */
export interface UserErasure {
  readonly plays: number;
  readonly sessions: number;
  readonly receipts: number;
}

/**
 * Entries of the durable log that carry the user's plays or receipts are not looked into: they end
 * with the log's own retention (`deleteEntriesBefore`).
 */
export function eraseUser(database: Database, user: string): Promise<UserErasure> {
  return database.write(async (transaction) => ({
    plays: await deletePlaysOf(transaction, user),
    sessions: await deleteSessionsOf(transaction, user),
    receipts: await deleteReceiptsOf(transaction, user),
  }));
}
