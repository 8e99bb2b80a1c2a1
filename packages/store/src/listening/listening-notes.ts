/**
 * Changes of plays that the aggregates do not hold yet. They are written in the transaction of the
 * plays they count, one short row each in order, which is cheap; `settleListening` carries them over.
 */
import { countedMsOf } from "@segue/statistics/live";
import { reserveNumbers } from "../sql/counter.ts";
import type { WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import type { ListeningNoteTable, PlayTable } from "../sql/tables.ts";
import { fillingRange } from "./filling-range.ts";

export type NotedPlay = Pick<
  PlayTable,
  "sequence" | "user_name" | "song_id" | "title" | "artist" | "played_at" | "seconds"
>;

/** Undefined: there was, or is, no such play. */
export interface PlayChange {
  readonly before: NotedPlay | undefined;
  readonly after: NotedPlay | undefined;
}

export async function noteListening(
  transaction: WriteTransaction,
  changes: readonly PlayChange[],
): Promise<void> {
  warnOfUncounted(changes.flatMap(({ after }) => after ?? []));
  await writeNotes(transaction, await listeningNotesOf(transaction, changes));
}

/** What the aggregates have to follow, for who settles it in the same transaction. */
export async function listeningNotesOf(
  transaction: WriteTransaction,
  changes: readonly PlayChange[],
): Promise<readonly UnnumberedNote[]> {
  if (changes.length === 0) return [];
  const filling = await fillingRange(transaction);
  return changes.flatMap(({ before, after }) => {
    // What was never counted will be counted as it is then.
    const sequence = before?.sequence;
    if (sequence !== undefined && sequence > filling.done && sequence <= filling.end) return [];
    return [...noteOf(before, -1), ...noteOf(after, 1)];
  });
}

export type UnnumberedNote = Omit<ListeningNoteTable, "sequence">;

/** One that was never written has no sequence. */
export interface NoteToSettle extends UnnumberedNote {
  readonly sequence?: number;
}

export function noteOf(play: NotedPlay | undefined, plays: 1 | -1): UnnumberedNote[] {
  if (play === undefined) return [];
  const { user_name, song_id, played_at } = play;
  const heard_ms = countedMsOf({ playedAtMs: played_at, seconds: play.seconds });
  if (heard_ms === undefined) return [];
  const isNamed = song_id === null;
  const title = isNamed ? play.title : null;
  const artist = isNamed ? play.artist : null;
  return [{ user_name, song_id, title, artist, played_at, heard_ms, plays }];
}

/** Tells of plays that are stored and cannot be counted: `recountListening` leaves them out as well. */
export function warnOfUncounted(plays: readonly NotedPlay[]): void {
  const uncounted = plays.filter((play) => noteOf(play, 1).length === 0);
  const [first] = uncounted;
  if (first === undefined) return;
  const { sequence, user_name, played_at, seconds } = first;
  process.emitWarning(
    `${uncounted.length} plays are stored that statistics leave out, as no play can begin or last so: the first is number ${sequence} of user ${JSON.stringify(user_name)} (start ${played_at}, ${seconds} s). Segue accepts none like it; find what wrote to the database, and delete or correct the play.`,
    { code: "SEGUE_PLAY_NOT_COUNTED" },
  );
}

async function writeNotes(
  transaction: WriteTransaction,
  notes: readonly UnnumberedNote[],
): Promise<void> {
  if (notes.length === 0) return;
  const first = await reserveNumbers(transaction, "listening_notes", notes.length);
  const rows = notes.map((note, index) => ({ sequence: first + index, ...note }));
  for (const part of inParts(rows)) {
    await transaction.insertInto("listening_notes").values(part).execute();
  }
}
