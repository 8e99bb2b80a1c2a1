/** The figures of a period, before days, hours and streaks are derived from them in some zone. */

export interface Counts {
  readonly plays: number;
  readonly heardMs: number;
}

export interface TimeCount extends Counts {
  /** 15 minutes of UTC since 1970. */
  readonly bucket: number;
}

export interface SongCount extends Counts {
  /** Null: not in the catalogue. */
  readonly songId: string | null;
  readonly title: string;
  readonly artist: string;
}

export interface NameCount extends Counts {
  /** Empty: not known. */
  readonly name: string;
}

export interface SessionFigures {
  readonly count: number;
  readonly totalSeconds: number;
  readonly longestSeconds: number;
}

/** From the first bucket on, to before the second. */
export interface BucketRange {
  readonly fromBucket: number;
  readonly toBucket: number;
}

export interface Listening extends Counts {
  /** Those with plays, in order. */
  readonly times: readonly TimeCount[];
  readonly songCount: number;
  readonly artistCount: number;
  readonly listenerCount: number;
  readonly topSongs: readonly SongCount[];
  readonly topArtists: readonly NameCount[];
  readonly topGenres: readonly NameCount[];
  readonly topListeners: readonly NameCount[];
  /** Those that begin in the period. */
  readonly sessions: SessionFigures;
  readonly firstPlayAtMs: number | null;
  readonly lastPlayAtMs: number | null;
}
