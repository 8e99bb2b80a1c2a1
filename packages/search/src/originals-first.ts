/** Versions of one song: who searches for it without naming a version means the original. */
import type { RankedTrack } from "./match-rank.ts";
import type { Track, TrackReader } from "./track-reader.ts";

export interface OriginalsContext {
  readonly reader: TrackReader;
  /** Rank of a track for the query, as that of the ranked ones. */
  readonly rankOf: (track: Track) => number;
}

/**
 * Puts the original of a song before its versions where it answers the query at least as well, even
 * if it was not among the answers for being less popular. Looks at the first `limit` answers.
 */
export function originalsFirst(
  ranked: readonly RankedTrack[],
  limit: number,
  { reader, rankOf }: OriginalsContext,
): RankedTrack[] {
  const ordered = new Map<number, RankedTrack>();
  for (const answer of ranked) {
    const { original_id: originalId } = answer.track;
    const original =
      originalId === null || ordered.size >= limit ? undefined : reader.bySong(originalId);
    if (original !== undefined && !ordered.has(original.id)) {
      const rank = rankOf(original);
      if (rank <= answer.rank) ordered.set(original.id, { track: original, rank });
    }
    if (!ordered.has(answer.track.id)) ordered.set(answer.track.id, answer);
  }
  return [...ordered.values()];
}
