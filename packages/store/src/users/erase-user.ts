import { TOPICS } from "@segue/contracts";
import { forgetUnheardNames } from "../listening/heard-songs.ts";
import { settleAllNotes } from "../listening/settle-listening.ts";
import { deleteEntriesOf, deleteEntriesUpTo, type LogPlace } from "../log/durable-log.ts";
import { deletePlaysOf } from "../plays/play-repository.ts";
import { deleteReceiptsOf } from "../receipts/receipt-repository.ts";
import { deleteSessionsOf } from "../sessions/session-repository.ts";
import type { Database, WriteTransaction } from "../sql/database.ts";

/** What was removed. */
export interface UserErasure {
  readonly plays: number;
  readonly sessions: number;
  readonly receipts: number;
}

/**
 * The durable log repeats what the tables hold, by other keys: plays are keyed by user, receipts by
 * request id, dead letters by what they were keyed by before. A receipt that is in the log alone,
 * for the moment until its consumer stores it, names no user by which it could be found: it falls to
 * `eraseReceiptsOf`, which is called in its turn.
 *
 * @param place of the erasure's own record on the log: plays that came behind it were accepted later
 * and stay there. Without it everything goes.
 */
export function eraseUser(
  database: Database,
  user: string,
  place: LogPlace | undefined,
): Promise<UserErasure> {
  return database.write(async (transaction) => {
    const plays = await deletePlaysOf(transaction, user);
    // Notes name users, and names of songs may say who heard them.
    await settleAllNotes(transaction);
    await forgetUnheardNames(transaction);
    const sessions = await deleteSessionsOf(transaction, user);
    const receipts = await deleteReceipts(transaction, user);
    if (place === undefined) await deleteEntriesOf(transaction, TOPICS.plays, [user]);
    else await deleteEntriesUpTo(transaction, TOPICS.plays, user, place);
    await deleteEntriesOf(transaction, TOPICS.dead, [user]);
    return { plays, sessions, receipts };
  });
}

/**
 * Removes the receipts of the user that there are, and the erasure's record at the place; those in
 * other partitions still have their turn before them. Returns how many receipts there were.
 */
export function eraseReceiptsOf(
  database: Database,
  user: string,
  place: LogPlace,
): Promise<number> {
  return database.write(async (transaction) => {
    await deleteEntriesUpTo(transaction, TOPICS.receipts, user, place);
    return deleteReceipts(transaction, user);
  });
}

async function deleteReceipts(transaction: WriteTransaction, user: string): Promise<number> {
  const requestIds = await deleteReceiptsOf(transaction, user);
  await deleteEntriesOf(transaction, TOPICS.receipts, requestIds);
  await deleteEntriesOf(transaction, TOPICS.dead, requestIds);
  return requestIds.length;
}
