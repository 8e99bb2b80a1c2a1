/** What a request asks, what its answer says, and how that answer came about. */

/** Rungs of the degradation ladder, best first. */
export type ServiceLevel = "full" | "neighbours" | "trending";

export interface Reason {
  readonly songId: string;
  /** Share of everything that speaks for the song, 0 to 1; the shares named sum to at most 1. */
  readonly weight: number;
}

export interface RecommendedSong {
  readonly songId: string;
  readonly score: number;
  /** The input songs that led to it, the weightiest first; empty when none did. */
  readonly because: readonly Reason[];
}

/** The picks, in the order given, and what an answer may hold. */
export interface SongQuestion {
  /** Distinct. */
  readonly songIds: readonly string[];
  /** A known user's last plays, oldest first; they come before the picks in the input. */
  readonly historySongIds: readonly string[];
  /**
   * Version groups of all these songs, named by the id of their first song. The model may know a
   * group though it does not know the song.
   */
  readonly versionGroupIds: readonly string[];
  readonly limit: number;
  readonly songsPerArtistMax: number;
}

/** What one process did for a request. */
export interface Hop {
  readonly role: string;
  /** 0 when the role has none. */
  readonly stage: number;
  readonly layerFirst: number;
  readonly layerLast: number;
  readonly shard: number;
  readonly replica: string;
  readonly queueMs: number;
  readonly computeMs: number;
  /** Unix time in milliseconds. */
  readonly startedAtMs: number;
  readonly attempt: number;
}

export interface Receipt {
  readonly requestId: string;
  /** Empty when no model took part. */
  readonly modelVersion: string;
  readonly level: ServiceLevel;
  /** Why the level is not full, or why a full answer has fewer songs than asked; else empty. */
  readonly reason: string;
  /** How often the request was sent through the stages. */
  readonly attempts: number;
  readonly totalMs: number;
  readonly hops: readonly Hop[];
  readonly createdAtMs: number;
  readonly songIds: readonly string[];
  readonly historySongIds: readonly string[];
  readonly user: string;
  readonly limit: number;
  readonly songsPerArtistMax: number;
}
