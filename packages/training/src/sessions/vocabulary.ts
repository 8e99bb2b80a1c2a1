/** Chooses the songs a network knows: those played often enough in the training sessions. */
import type { Sessions } from "./sessions.ts";
import type { SongTable } from "./song-table.ts";

export interface Vocabulary {
  /** Song rows of the table, ascending: model row i is song rows[i]. */
  readonly rows: Int32Array;
  /** Model row of each song of the table, or -1. */
  readonly modelRowOf: Int32Array;
}

export function createVocabulary(
  training: Sessions,
  songs: SongTable,
  supportMin: number,
): Vocabulary {
  const plays = playCounts(training, songs.ids.length);
  const modelRowOf = new Int32Array(songs.ids.length).fill(-1);
  const rows: number[] = [];
  for (const [row, count] of plays.entries()) {
    if (count < supportMin) continue;
    modelRowOf[row] = rows.length;
    rows.push(row);
  }
  return { rows: Int32Array.from(rows), modelRowOf };
}

/** The vocabulary of an existing model, by its song ids. */
export function vocabularyOf(modelSongIds: readonly string[], songs: SongTable): Int32Array {
  const modelRow = new Map(modelSongIds.map((id, row) => [id, row]));
  return Int32Array.from(songs.ids, (id) => modelRow.get(id) ?? -1);
}

export function playCounts(sessions: Sessions, songCount: number): Int32Array {
  const plays = new Int32Array(songCount);
  for (const item of sessions.items) plays[item] = (plays[item] as number) + 1;
  return plays;
}
