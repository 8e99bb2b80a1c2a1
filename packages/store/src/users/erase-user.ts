import { TOPICS } from "@segue/contracts";
import { forgetUnheardNames } from "../listening/heard-songs.ts";
import { settleAllNotes } from "../listening/settle-listening.ts";
import { deleteEntriesOf } from "../log/durable-log.ts";
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
 * The durable log repeats what the tables hold, by other keys: plays are keyed by user, receipts by
 * request id, dead letters by what they were keyed by before. A receipt that is in the log alone,
 * for the moment until its consumer stores it, names no user by which it could be found.
 */
export function eraseUser(database: Database, user: string): Promise<UserErasure> {
  return database.write(async (transaction) => {
    const plays = await deletePlaysOf(transaction, user);
    // Notes name users, and names of songs may say who heard them.
    await settleAllNotes(transaction);
    await forgetUnheardNames(transaction);
    const sessions = await deleteSessionsOf(transaction, user);
    const requestIds = await deleteReceiptsOf(transaction, user);
    await deleteEntriesOf(transaction, TOPICS.plays, [user]);
    await deleteEntriesOf(transaction, TOPICS.receipts, requestIds);
    await deleteEntriesOf(transaction, TOPICS.dead, [user, ...requestIds]);
    return { plays, sessions, receipts: requestIds.length };
  });
}
