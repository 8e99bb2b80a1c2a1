/** Carries notes over to the aggregates, step by step, each step in full or not at all. */
import { AppError, toAppError } from "@segue/errors";
import { COUNTING_RULES, type SessionSpan, sessionSpansOf } from "@segue/statistics/live";
import { attempt } from "../sql/attempt.ts";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import { fillingRange } from "./filling-range.ts";
import { numberSongs, songIdentityOf } from "./heard-songs.ts";
import type { JournalEntry } from "./journal.ts";
import { type EntryChange, JournalShelf } from "./journal-shelf.ts";
import { changeListeners, numberListeners } from "./listeners.ts";
import { startOver, takeSomeToFill } from "./listening-filling.ts";
import type { NoteToSettle } from "./listening-notes.ts";
import type { CountChange } from "./tally.ts";
import { TallyChanges } from "./tally-changes.ts";

/** Notes settled in one transaction, so that other writes wait a fraction of a second at most. */
const SETTLED_AT_ONCE_MAX = 10_000;

/** Takes more to settle beside the notes, in their transaction. */
export type TakeMore = (transaction: WriteTransaction) => Promise<readonly NoteToSettle[]>;

interface PendingOptions {
  /** Of the newest note that is waited for. */
  readonly lastSequence?: number | undefined;
  /** Whether it is about stored plays that were never noted as well; default true. */
  readonly fills?: boolean;
}

export interface SettleOptions extends PendingOptions {
  /** The aggregates were thrown away. */
  readonly onDamage: (damage: AppError) => void;
}

/** One step. False: there was nothing to settle. */
export async function settleSomeListening(
  database: Database,
  { lastSequence, fills = true, onDamage }: SettleOptions,
): Promise<boolean> {
  if (!(await hasPendingPlays(database, { lastSequence, fills }))) return false;
  const damage = await database.write((transaction) =>
    settleStep(transaction, async () => (fills ? takeSomeToFill(transaction) : [])),
  );
  if (damage !== undefined) onDamage(damage);
  return true;
}

/**
 * Settles the oldest notes and, when these were all, what `takeMore` takes. A change that does not fit
 * the aggregates would hold up every question for ever, and the plays are the truth: the step is
 * undone and the aggregates are thrown away, to be made from the plays again. That is one transaction,
 * so that of several processes one does it. Returns what did not fit.
 */
export async function settleStep(
  transaction: WriteTransaction,
  takeMore: TakeMore,
): Promise<AppError | undefined> {
  let changes: readonly NoteToSettle[] = [];
  const outcome = await attempt(transaction, "settlement", async () => {
    const notes = await transaction
      .selectFrom("listening_notes")
      .selectAll()
      .orderBy("sequence")
      .limit(SETTLED_AT_ONCE_MAX)
      .execute();
    changes = notes;
    const more = notes.length < SETTLED_AT_ONCE_MAX ? await takeMore(transaction) : [];
    changes = [...notes, ...more];
    await settle(transaction, changes);
    const lastSequence = notes.at(-1)?.sequence ?? 0;
    await transaction.deleteFrom("listening_notes").where("sequence", "<=", lastSequence).execute();
  });
  if ("result" in outcome) return undefined;
  if (toAppError(outcome.error).code !== "INTERNAL") throw outcome.error;
  await startOver(transaction);
  return damageError(changes, outcome.error);
}

const USERS_NAMED_MAX = 3;

/** A sum that is wrong does not say whose change made it so. */
function damageError(changes: readonly NoteToSettle[], cause: unknown): AppError {
  const users = [...new Set(changes.map(({ user_name }) => user_name))];
  const who =
    users.length > USERS_NAMED_MAX
      ? `${users.length} users`
      : users.map((user) => JSON.stringify(user)).join(", ");
  const sequences = changes.flatMap(({ sequence }) => sequence ?? []);
  const notes = `${sequences.length} notes (${sequences[0] ?? "none"} to ${sequences.at(-1) ?? "none"})`;
  return new AppError(
    "INTERNAL",
    `Settling ${changes.length} changes of ${who}, of them ${notes}: ${toAppError(cause).message}.`,
    { cause },
  );
}

export async function hasPendingPlays(
  { read }: Database,
  { lastSequence = Number.MAX_SAFE_INTEGER, fills = true }: PendingOptions = {},
): Promise<boolean> {
  const oldest = await edgeNote(read, "asc");
  if (oldest !== undefined && oldest <= lastSequence) return true;
  const { done, end } = await fillingRange(read);
  return fills && done < end;
}

/** Its sequence; 0: there is none. */
export async function newestNote({ read }: Database): Promise<number> {
  return (await edgeNote(read, "desc")) ?? 0;
}

async function edgeNote(
  connection: ReadConnection,
  direction: "asc" | "desc",
): Promise<number | undefined> {
  const note = await connection
    .selectFrom("listening_notes")
    .select("sequence")
    .orderBy("sequence", direction)
    .limit(1)
    .executeTakeFirst();
  return note?.sequence;
}

async function settle(
  transaction: WriteTransaction,
  notes: readonly NoteToSettle[],
): Promise<void> {
  if (notes.length === 0) return;
  const revision = await reserveNumbers(transaction, "listening", 1);
  const songs = await numberSongs(
    transaction,
    new Map(notes.map((note) => [songIdentityOf(note), note])),
  );
  const listeners = await numberListeners(
    transaction,
    notes.map((note) => note.user_name),
  );
  const entries = notes.map((note) => toEntry(note, songs, listeners));
  const shelf = new JournalShelf();
  await shelf.change(transaction, entries);
  const tallies = new TallyChanges();
  const sums = new Map<number, CountChange>();
  for (const { listener, song, playedAtMs, heardMs, plays } of entries) {
    const changedMs = heardMs * plays;
    tallies.count("song", song, playedAtMs, plays, changedMs);
    tallies.count("listener", listener, playedAtMs, plays, changedMs);
    tallies.countTime(playedAtMs, plays, changedMs);
    const sum = sums.get(listener) ?? { plays: 0, heardMs: 0 };
    sums.set(listener, { plays: sum.plays + plays, heardMs: sum.heardMs + changedMs });
  }
  for (const { before, after } of shelf.changedListeners()) {
    const start = firstChangedSession(before, after);
    countSessions(tallies, sessionSpansOf(before.slice(start)), -1);
    countSessions(tallies, sessionSpansOf(after.slice(start)), 1);
  }
  await shelf.write(transaction);
  await tallies.write(transaction);
  await changeListeners(transaction, listeners.values(), sums, revision);
}

function toEntry(
  note: NoteToSettle,
  songs: ReadonlyMap<string, number>,
  listeners: Awaited<ReturnType<typeof numberListeners>>,
): EntryChange {
  const { played_at: playedAtMs, heard_ms: heardMs, plays } = note;
  const song = songs.get(songIdentityOf(note)) ?? 0;
  const listener = listeners.get(note.user_name)?.number ?? 0;
  return { listener, song, playedAtMs, heardMs, plays, note };
}

/** Index from which sessions may differ: the start of the one that holds the last common entry. */
function firstChangedSession(
  before: readonly JournalEntry[],
  after: readonly JournalEntry[],
): number {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  const playedAtMs = (index: number) => before[index]?.playedAtMs ?? 0;
  const { sessionPauseMs } = COUNTING_RULES;
  for (start -= 1; start > 0; start -= 1) {
    if (playedAtMs(start) - playedAtMs(start - 1) > sessionPauseMs) return start;
  }
  return 0;
}

function countSessions(
  tallies: TallyChanges,
  spans: readonly SessionSpan[],
  sessions: 1 | -1,
): void {
  for (const { startedAtMs, seconds } of spans) {
    tallies.count("session", seconds, startedAtMs, sessions, 0);
  }
}
