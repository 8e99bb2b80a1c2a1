/** Where the index takes its songs from. The catalogue's database implements it; search knows no SQL of it. */
import type { CatalogueSong } from "@segue/domain";

export interface SongChanges {
  /** The revision that the index has reached once these changes are in. */
  readonly revision: number;
  /** New songs, and songs of which any field changed, with all their fields. */
  readonly songs: AsyncIterable<CatalogueSong> | Iterable<CatalogueSong>;
  /** Ids of songs that are gone. */
  readonly deletedIds: readonly string[];
}

export interface SongSource {
  /** Names the database: an index built from another one is not reused, whatever its revision. */
  catalogueId(): Promise<string>;
  /** Grows with every change of a song; equal revisions mean equal songs. */
  currentRevision(): Promise<number>;
  /** Every song, in any order. A song that changes meanwhile may come in either state. */
  iterateSongs(): AsyncIterable<CatalogueSong> | Iterable<CatalogueSong>;
  /** What changed after `revision`, or null when the source does not remember that far back. */
  changedSince(revision: number): Promise<SongChanges | null>;
}
