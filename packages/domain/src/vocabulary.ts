/**
 * What one model version knows of its catalogue. Rows are indexes into that version's catalogue and
 * mean nothing without it; artists and version groups are numbers of that version too.
 */
export interface ModelVocabulary {
  readonly version: string;
  readonly songCount: number;
  rowFor(songId: string): number | undefined;
  songIdAt(row: number): string;
  artistAt(row: number): number;
  versionGroupAt(row: number): number;
  /** All rows of the group: the versions of one song. */
  rowsOfVersionGroup(versionGroup: number): readonly number[];
  /** Rows that were often played together with `row`, best first, with their weights. */
  neighboursAt(row: number): readonly Neighbour[];
}

export interface Neighbour {
  readonly row: number;
  readonly weight: number;
}
