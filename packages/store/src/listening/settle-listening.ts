/** Carries notes over to the aggregates, step by step, each step in full or not at all. */
import { COUNTING_RULES, type SessionSpan, sessionSpansOf } from "@segue/statistics/live";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, WriteTransaction } from "../sql/database.ts";
import { fillingRange } from "./filling-range.ts";
import { numberSongs, songIdentityOf } from "./heard-songs.ts";
import type { JournalEntry } from "./journal.ts";
import { type EntryChange, JournalShelf } from "./journal-shelf.ts";
import { changeListeners, numberListeners } from "./listeners.ts";
import { takeSomeToFill } from "./listening-filling.ts";
import type { UnnumberedNote } from "./listening-notes.ts";
import type { CountChange } from "./tally.ts";
import { TallyChanges } from "./tally-changes.ts";

/** Notes settled in one transaction, so that other writes wait a fraction of a second at most. */
const SETTLED_AT_ONCE_MAX = 10_000;

/**
 * One step, of notes up to a sequence where one is given and of stored plays that were never noted.
 * False: there was nothing to settle.
 */
export async function settleSomeListening(
  database: Database,
  lastSequence = Number.MAX_SAFE_INTEGER,
): Promise<boolean> {
  if (!(await hasPendingPlays(database, lastSequence))) return false;
  await database.write(async (transaction) => {
    // Notes first: they are of plays that were changed since.
    if ((await settleNotes(transaction)) > 0) return;
    await settle(transaction, await takeSomeToFill(transaction));
  });
  return true;
}

/** All notes, in the transaction that is given. */
export async function settleAllNotes(transaction: WriteTransaction): Promise<void> {
  while ((await settleNotes(transaction)) > 0);
}

export async function hasPendingPlays(
  { read }: Database,
  lastSequence = Number.MAX_SAFE_INTEGER,
): Promise<boolean> {
  const note = await read
    .selectFrom("listening_notes")
    .select("sequence")
    .orderBy("sequence")
    .limit(1)
    .executeTakeFirst();
  if (note !== undefined && note.sequence <= lastSequence) return true;
  const { done, end } = await fillingRange(read);
  return done < end;
}

/** Plays whose counting is still to come. */
export async function pendingPlays(database: Database): Promise<number> {
  const { done, end } = await fillingRange(database.read);
  const row = await database.read
    .selectFrom("listening_notes")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count) + Math.max(0, end - done);
}

/** Returns how many were settled. */
async function settleNotes(transaction: WriteTransaction): Promise<number> {
  const notes = await transaction
    .selectFrom("listening_notes")
    .selectAll()
    .orderBy("sequence")
    .limit(SETTLED_AT_ONCE_MAX)
    .execute();
  const lastNote = notes.at(-1);
  if (lastNote === undefined) return 0;
  await settle(transaction, notes);
  await transaction
    .deleteFrom("listening_notes")
    .where("sequence", "<=", lastNote.sequence)
    .execute();
  return notes.length;
}

async function settle(
  transaction: WriteTransaction,
  notes: readonly UnnumberedNote[],
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
  note: UnnumberedNote,
  songs: ReadonlyMap<string, number>,
  listeners: Awaited<ReturnType<typeof numberListeners>>,
): EntryChange {
  const { played_at: playedAtMs, heard_ms: heardMs, plays } = note;
  const song = songs.get(songIdentityOf(note)) ?? 0;
  const listener = listeners.get(note.user_name)?.number ?? 0;
  return { listener, song, playedAtMs, heardMs, plays };
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
