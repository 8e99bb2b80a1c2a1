/** The songs that sessions speak of, as columns: a song's row is its place in every column. */
export interface SongTable {
  readonly ids: readonly string[];
  /** Number of each song's artist, 0 ... artistCount - 1. */
  readonly artists: Int32Array;
  /** Number of each song's version group. */
  readonly versionGroups: Int32Array;
  readonly artistCount: number;
}

export interface SongFacts {
  readonly id: string;
  readonly artist: string;
  readonly versionGroup: string;
}

/** Numbers artists and version groups in order of first appearance. */
export function createSongTable(songs: Iterable<SongFacts>): SongTable {
  const ids: string[] = [];
  const artists: number[] = [];
  const versionGroups: number[] = [];
  const artistNumbers = new Map<string, number>();
  const groupNumbers = new Map<string, number>();
  for (const song of songs) {
    ids.push(song.id);
    artists.push(numberOf(song.artist, artistNumbers));
    versionGroups.push(numberOf(song.versionGroup, groupNumbers));
  }
  return {
    ids,
    artists: Int32Array.from(artists),
    versionGroups: Int32Array.from(versionGroups),
    artistCount: artistNumbers.size,
  };
}

/** The given rows alone, in their order; artists and groups are numbered afresh. */
export function selectSongs(songs: SongTable, rows: Int32Array): SongTable {
  const ids = Array.from(rows, (row) => songs.ids[row] as string);
  const artistNumbers = new Map<number, number>();
  const groupNumbers = new Map<number, number>();
  return {
    ids,
    artists: rows.map((row) => numberOf(songs.artists[row] as number, artistNumbers)),
    versionGroups: rows.map((row) => numberOf(songs.versionGroups[row] as number, groupNumbers)),
    artistCount: artistNumbers.size,
  };
}

function numberOf<Key>(key: Key, numbers: Map<Key, number>): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
