/**
 * Counting plays that are stored already: after an upgrade, and when the counting rules changed.
 * It goes by their sequence, step by step, while new plays come in.
 */
import { COUNTING_RULES } from "@segue/statistics/live";
import { readCounter, reserveNumbers, setCounter } from "../sql/counter.ts";
import type { Database, WriteTransaction } from "../sql/database.ts";
import { fillingRange } from "./filling-range.ts";
import { noteOf, type UnnumberedNote, warnOfUncounted } from "./listening-notes.ts";

/** Under a second of work; the more at once, the fewer times a month is written again. */
const STEP_SIZE = 20_000;

const EMPTIED = [
  "listening_notes",
  "listening_tallies",
  "listening_journals",
  "listeners",
  "heard_songs",
] as const;

/** Throws away aggregates that were made under other rules. */
export async function adoptCountingRules(database: Database): Promise<void> {
  const { version } = COUNTING_RULES;
  if ((await readCounter(database.read, "listening_rules")) === version) return;
  await database.write(async (transaction) => {
    if ((await readCounter(transaction, "listening_rules")) === version) return;
    await startOver(transaction);
  });
}

/** Throws the aggregates away, to be made again from the plays. Whoever is reading them reads again. */
export async function startOver(transaction: WriteTransaction): Promise<void> {
  await reserveNumbers(transaction, "listening", 1);
  for (const table of EMPTIED) await transaction.deleteFrom(table).execute();
  const newest = await transaction
    .selectFrom("plays")
    .select("sequence")
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  await setCounter(transaction, "listening_fill", 0);
  await setCounter(transaction, "listening_fill_end", newest?.sequence ?? 0);
  await setCounter(transaction, "listening_rules", COUNTING_RULES.version);
}

/** Notes of some more plays, which the caller settles in the same transaction. */
export async function takeSomeToFill(
  transaction: WriteTransaction,
  stepSize = STEP_SIZE,
): Promise<readonly UnnumberedNote[]> {
  const { done, end } = await fillingRange(transaction);
  if (done >= end) return [];
  const rows = await transaction
    .selectFrom("plays")
    .select(["sequence", "user_name", "song_id", "title", "artist", "played_at", "seconds"])
    .where("sequence", ">", done)
    .where("sequence", "<=", end)
    .orderBy("sequence")
    .limit(stepSize)
    .execute();
  const last = rows.length < stepSize ? end : (rows.at(-1)?.sequence ?? end);
  await setCounter(transaction, "listening_fill", last);
  warnOfUncounted(rows);
  return rows.flatMap((row) => noteOf(row, 1));
}
