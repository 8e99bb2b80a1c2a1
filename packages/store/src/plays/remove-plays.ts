/** Deletes many plays as if they had never been there. */
import { forgetUnheardNames } from "../listening/heard-songs.ts";
import { warnOfDamage } from "../listening/listening-damage.ts";
import { listeningNotesOf } from "../listening/listening-notes.ts";
import { settleStep } from "../listening/settle-listening.ts";
import { notePlays } from "../songs/popularity.ts";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import type { PlayTable } from "../sql/tables.ts";

/** Of one user, or begun before a time in unix milliseconds. */
export type RemovedPlays = { readonly user: string } | { readonly beforeMs: number };

/** Others wait for a tenth of a second of work, or a few where the disk is slow. */
const SLICE_SIZE = 2_000;

/**
 * Works in slices between which others write: those of a user from the newest on, others from the oldest
 * on. A slice goes in one transaction with its counts, which are settled without ever being noted. So
 * figures are always those of the plays that are left, also after a crash, and removing them again
 * goes on where it ended. Plays that are stored meanwhile stay: another server may own the erased user's
 * plays by then, and be at those behind the erasure. Names of songs that nobody else played go at last.
 * Returns the number of plays.
 */
export async function removePlays(
  database: Database,
  which: RemovedPlays,
  sliceSize = SLICE_SIZE,
): Promise<number> {
  const lastSequence = await newestPlay(database.read);
  let removed = 0;
  let wasDamaged = false;
  for (let isLast = false; !isLast; ) {
    const { count, damage } = await database.write((transaction) =>
      removeSlice(transaction, { which, lastSequence, sliceSize }),
    );
    // It was undone, and what comes next finds nothing to take back.
    if (damage !== undefined && wasDamaged) throw damage;
    if (damage !== undefined) warnOfDamage(damage);
    wasDamaged = damage !== undefined;
    removed += count ?? 0;
    isLast = count !== undefined && count < sliceSize;
  }
  await database.write(forgetUnheardNames);
  return removed;
}

interface Slice {
  readonly which: RemovedPlays;
  readonly lastSequence: number;
  readonly sliceSize: number;
}

/** Without a count it was the turn of notes alone. */
async function removeSlice(transaction: WriteTransaction, slice: Slice) {
  let count: number | undefined;
  const damage = await settleStep(transaction, async () => {
    const plays = await deleteSlice(transaction, slice);
    count = plays.length;
    return listeningNotesOf(
      transaction,
      plays.map((before) => ({ before, after: undefined })),
    );
  });
  return damage === undefined ? { count } : { damage };
}

async function deleteSlice(
  transaction: WriteTransaction,
  { which, lastSequence, sliceSize }: Slice,
): Promise<readonly PlayTable[]> {
  const order = "user" in which ? "desc" : "asc";
  const rows = await transaction
    .selectFrom("plays")
    .selectAll()
    .where((expression) =>
      "user" in which
        ? expression("user_name", "=", which.user)
        : expression("played_at", "<", which.beforeMs),
    )
    .where("sequence", "<=", lastSequence)
    .orderBy("played_at", order)
    .orderBy("sequence", order)
    .limit(sliceSize)
    .execute();
  if (rows.length === 0) return rows;
  for (const part of inParts(rows.map(({ sequence }) => sequence))) {
    await transaction.deleteFrom("plays").where("sequence", "in", part).execute();
  }
  const plays = new Map<string, number>();
  for (const { song_id } of rows) {
    if (song_id !== null) plays.set(song_id, (plays.get(song_id) ?? 0) - 1);
  }
  await notePlays(transaction, plays);
  // Whoever watches this number learns that figures changed.
  await reserveNumbers(transaction, "listening_notes", 1);
  return rows;
}

/** Its sequence; 0: there is none. */
async function newestPlay(connection: ReadConnection): Promise<number> {
  const newest = await connection
    .selectFrom("plays")
    .select("sequence")
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  return newest?.sequence ?? 0;
}
