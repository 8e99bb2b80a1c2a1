/** Where the index takes its songs from. The store's song repository fits; search knows no SQL of it. */
import type { CatalogueSong } from "@segue/domain";

export interface SongSource {
  /** Rises with every change of any song, popularity included. */
  currentRevision(): Promise<number>;
  songCount(): Promise<number>;
  /** All songs in batches, in any order; a song that changes meanwhile may come in either state. */
  iterateSongs(): AsyncIterable<readonly CatalogueSong[]>;
  /** The songs that changed or came after `revision`, with all their fields, in batches. */
  changedSince(revision: number): AsyncIterable<readonly CatalogueSong[]>;
}
