import { TOPICS } from "@segue/contracts";
import {
  deleteEntriesOf,
  deleteEntriesUpTo,
  deleteSomeEntriesOf,
  type LogPlace,
} from "../log/durable-log.ts";
import { removePlays } from "../plays/remove-plays.ts";
import { deleteReceiptsOf } from "../receipts/receipt-repository.ts";
import { deleteSessionsOf } from "../sessions/session-repository.ts";
import type { Database, WriteTransaction } from "../sql/database.ts";
import { writeInSlices } from "../sql/write-in-slices.ts";

/** What was removed. */
export interface UserErasure {
  readonly plays: number;
  readonly sessions: number;
  readonly receipts: number;
}

const SESSIONS_AT_ONCE_MAX = 1_000;
const ENTRIES_AT_ONCE_MAX = 2_000;

/**
 * Works step by step, as others would wait for long: each is a transaction that leaves everything in
 * order, and repeating the erasure goes on where it ended. What asks for the repetition goes last:
 * the erasure's own record.
 *
 * The durable log repeats what the tables hold, by other keys: plays are keyed by user, receipts by
 * request id, dead letters by what they were keyed by before. A receipt that is in the log alone,
 * for the moment until its consumer stores it, names no user by which it could be found: it falls to
 * `eraseReceiptsOf`, which is called in its turn.
 *
 * @param place of the erasure's own record on the log: plays that came behind it were accepted later
 * and stay there. Without it everything goes.
 * @param sliceSize plays at once
 */
export async function eraseUser(
  database: Database,
  user: string,
  place: LogPlace | undefined,
  sliceSize?: number,
): Promise<UserErasure> {
  const plays = await removePlays(database, { user }, sliceSize);
  const sessions = await writeInSlices(database, SESSIONS_AT_ONCE_MAX, (transaction, limit) =>
    deleteSessionsOf(transaction, user, limit),
  );
  await writeInSlices(database, ENTRIES_AT_ONCE_MAX, (transaction, limit) =>
    deleteSomeEntriesOf(transaction, TOPICS.plays, user, { before: place, limit }),
  );
  const receipts = await database.write(async (transaction) => {
    await deleteEntriesOf(transaction, TOPICS.dead, [user]);
    if (place !== undefined) await deleteEntriesUpTo(transaction, TOPICS.plays, user, place);
    return deleteReceipts(transaction, user);
  });
  return { plays, sessions, receipts };
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
