/** A catalogue small enough to reason about, for the tests of this package. */
import type { ModelVocabulary } from "../vocabulary.ts";

export interface SmallSong {
  readonly artist: number;
  readonly versionGroup: number;
  /** Rows, best first; the weight is 1 / (rank + 1). */
  readonly neighbours?: readonly number[];
}

/** Songs are named s0, s1 and so on, by row. */
export function smallVocabulary(
  songs: readonly SmallSong[],
  modelVersion = "small-1",
): ModelVocabulary {
  const songAt = (row: number): SmallSong => {
    const song = songs[row];
    if (song === undefined) throw new Error(`there is no row ${row}`);
    return song;
  };
  return {
    modelVersion,
    songCount: songs.length,
    rowFor(songId) {
      const row = Number(songId.slice(1));
      return songId.startsWith("s") && row < songs.length ? row : undefined;
    },
    songIdFor: (row) => `s${row}`,
    artistFor: (row) => songAt(row).artist,
    versionGroupFor: (row) => songAt(row).versionGroup,
    versionsOf: (row) =>
      [...songs.keys()].filter((other) => songAt(other).versionGroup === songAt(row).versionGroup),
    neighboursFor: (row) => {
      const rows = songAt(row).neighbours ?? [];
      return { rows, weights: rows.map((_, rank) => 1 / (rank + 1)) };
    },
  };
}

/** So many songs, each its own version group, each artist with `songsPerArtist` of them in a row. */
export function plainSongs(count: number, songsPerArtist = 1): SmallSong[] {
  return Array.from({ length: count }, (_, row) => ({
    artist: Math.floor(row / songsPerArtist),
    versionGroup: row,
  }));
}
