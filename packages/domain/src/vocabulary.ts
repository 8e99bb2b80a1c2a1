/**
 * What one model version knows of its catalogue. Rows are indexes into that version's catalogue and
 * mean nothing without it; artists and version groups are numbers of that version too.
 */
export interface ModelVocabulary {
  readonly modelVersion: string;
  readonly songCount: number;
  /** Row of a song, or undefined when this model version does not know it. */
  rowFor(songId: string): number | undefined;
  songIdFor(row: number): string;
  artistFor(row: number): number;
  versionGroupFor(row: number): number;
  /** All rows that are versions of the same song, the row itself included. */
  versionsOf(row: number): readonly number[];
  /** Songs that were often played together with this one. */
  neighboursFor(row: number): Neighbours;
}

export interface Neighbours {
  /** Best first. */
  readonly rows: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}
