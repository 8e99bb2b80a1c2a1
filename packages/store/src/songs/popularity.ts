import { reserveNumbers } from "../sql/counter.ts";
import type { Database, WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";

/**
 * Notes settled in one transaction: a play on its way into the figures meets the writer several
 * times, and waits each time for a step of this. Larger ones are no faster, as most songs differ.
 */
const SETTLED_AT_ONCE_MAX = 2_000;

/**
 * Notes that songs were played so many times more (or less). It belongs in the transaction of the
 * plays it counts. Writing notes in order is several times faster than changing songs all over the
 * table; `settlePopularity` carries them over. Ids without a song are dropped then.
 */
export async function notePlays(
  transaction: WriteTransaction,
  changes: ReadonlyMap<string, number>,
): Promise<void> {
  const notes = [...changes].filter(([, plays]) => plays !== 0);
  if (notes.length === 0) return;
  const first = await reserveNumbers(transaction, "play_notes", notes.length);
  const rows = notes.map(([song_id, plays], index) => ({
    sequence: first + index,
    song_id,
    plays,
  }));
  for (const part of inParts(rows)) {
    await transaction.insertInto("play_notes").values(part).execute();
  }
}

/** Carries the notes over to the songs, step by step, each step in full or not at all. */
export async function settlePopularity(database: Database): Promise<void> {
  for (;;) {
    const note = await database.read.selectFrom("play_notes").select("sequence").limit(1).execute();
    if (note.length === 0) return;
    await database.write(settleSome);
  }
}

async function settleSome(transaction: WriteTransaction): Promise<void> {
  // Reserving first takes the lock that keeps other processes from the same notes.
  const revision = await reserveNumbers(transaction, "songs", 1);
  const notes = await transaction
    .selectFrom("play_notes")
    .selectAll()
    .orderBy("sequence")
    .limit(SETTLED_AT_ONCE_MAX)
    .execute();
  const lastNote = notes.at(-1);
  if (lastNote === undefined) return;
  const playsBySong = new Map<string, number>();
  for (const { song_id, plays } of notes) {
    playsBySong.set(song_id, (playsBySong.get(song_id) ?? 0) + plays);
  }
  // In id order the table is walked once, instead of read all over.
  const ids = [...playsBySong.keys()].sort();
  const idsByPlays = Map.groupBy(ids, (id) => playsBySong.get(id) ?? 0);
  for (const [plays, idsOfPlays] of idsByPlays) {
    for (const part of inParts(idsOfPlays)) {
      await transaction
        .updateTable("song_standings")
        .set((expression) => ({
          play_count: expression("play_count", "+", plays),
          popularity: expression("popularity", "+", plays),
          revision,
        }))
        .where("song_id", "in", part)
        .execute();
    }
  }
  await transaction.deleteFrom("play_notes").where("sequence", "<=", lastNote.sequence).execute();
}
