/** What the services answered; not a number in it is computed here. */

export interface SongCounts {
  /** "Artist - SongID", in order of first appearance where the service tells it. */
  readonly keys: readonly string[];
  readonly counts: readonly number[];
  /** As the service reports it. */
  readonly processingSeconds: number;
}

export interface UserFigures {
  /** In order of first appearance. */
  readonly ids: readonly string[];
  readonly totalSeconds: readonly number[];
  readonly topArtists: readonly string[];
  /** At most five ids, most listening time first. */
  readonly topUsers: readonly string[];
  readonly processingSeconds: number;
}

/** Names with their plays, most played first. */
export interface Ranking {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  readonly processingSeconds: number;
}

export interface Recommendations {
  /** At most five keys, most played first. */
  readonly trending: readonly string[];
  readonly users: readonly string[];
  /** By user: bit i stands for trending song i. */
  readonly recommended: readonly number[];
  readonly processingSeconds: number;
}

export interface Analysis {
  readonly songs: SongCounts;
  readonly users: UserFigures;
  readonly genres: Ranking;
  /** The genre service's answer about the column of artists. */
  readonly artists: Ranking;
  readonly recommendations: Recommendations;
}

/** The trending songs of one user, by position in the answer. */
export function recommendedTo({ trending, recommended }: Recommendations, at: number): string[] {
  const bits = recommended[at] ?? 0;
  return trending.filter((_, song) => (bits & (1 << song)) !== 0);
}
