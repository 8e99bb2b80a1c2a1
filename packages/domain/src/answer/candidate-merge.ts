/** Exact merge of the shards' partial top lists: the answer does not depend on the number of shards. */
import { invariant } from "@segue/errors";

/** Rows asked of a shard at first, at least. */
export const CANDIDATES_MIN = 200;
/** With nine scores a row, more would not fit a message of 512 KiB (docs/adr/0013). */
export const CANDIDATES_MAX = 10_000;

/** A shard's best unmasked rows, by score descending, then row ascending. */
export interface ShardScores {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
  /** [variants - 1, rows]: the same rows' scores under each leave-one-out variant. */
  readonly variantScores: readonly number[];
  readonly artistIds: readonly number[];
  readonly versionGroupIds: readonly number[];
  /** The shard has no further unmasked rows. */
  readonly exhausted: boolean;
}

export interface Candidate {
  readonly row: number;
  readonly score: number;
  readonly artist: number;
  readonly versionGroup: number;
  readonly variantScores: () => readonly number[];
}

export interface MergedCandidates {
  /** Best first; at most as many as were asked of each shard. */
  readonly candidates: readonly Candidate[];
  /** There is no further row in the whole catalogue. */
  readonly isExhausted: boolean;
}

/** How many rows each shard returns for the first question. */
export function candidateCountFor(limit: number): number {
  return Math.min(CANDIDATES_MAX, Math.max(CANDIDATES_MIN, 5 * limit));
}

/** How many to ask for when so many left too few, or null when asking again brings nothing. */
export function widenedCandidateCount(candidateCount: number): number | null {
  return candidateCount >= CANDIDATES_MAX ? null : Math.min(CANDIDATES_MAX, 2 * candidateCount);
}

/**
 * Merges one partial of every shard and cuts to the `candidateCount` best. Beyond that rank the
 * merged order is not known: a shard holds back its further rows.
 */
export function mergeShards(
  shards: readonly ShardScores[],
  candidateCount: number,
): MergedCandidates {
  const next = shards.map(() => 0);
  const candidates: Candidate[] = [];
  while (candidates.length < candidateCount) {
    const best = bestShard(shards, next);
    if (best === -1) break;
    const position = next[best] ?? 0;
    next[best] = position + 1;
    candidates.push(candidateAt(shards[best], position));
  }
  return {
    candidates,
    isExhausted: shards.every(
      (shard, index) => shard.exhausted && next[index] === shard.rows.length,
    ),
  };
}

/** Whether `left` ranks before `right`: higher score, or the same score and the lower row. */
export function ranksBefore(
  left: { readonly row: number; readonly score: number },
  right: { readonly row: number; readonly score: number },
): boolean {
  return left.score > right.score || (left.score === right.score && left.row < right.row);
}

function bestShard(shards: readonly ShardScores[], next: readonly number[]): number {
  let best = -1;
  let bestHead = { row: 0, score: 0 };
  for (const [index, shard] of shards.entries()) {
    const position = next[index] ?? 0;
    const row = shard.rows[position];
    const score = shard.scores[position];
    if (row === undefined || score === undefined) continue;
    const head = { row, score };
    if (best === -1 || ranksBefore(head, bestHead)) {
      best = index;
      bestHead = head;
    }
  }
  return best;
}

function candidateAt(shard: ShardScores | undefined, position: number): Candidate {
  const row = shard?.rows[position];
  const score = shard?.scores[position];
  const artist = shard?.artistIds[position];
  const versionGroup = shard?.versionGroupIds[position];
  invariant(
    shard !== undefined &&
      row !== undefined &&
      score !== undefined &&
      artist !== undefined &&
      versionGroup !== undefined,
    "a partial's columns are equally long",
  );
  return {
    row,
    score,
    artist,
    versionGroup,
    variantScores: () => {
      const scores: number[] = [];
      for (let at = position; at < shard.variantScores.length; at += shard.rows.length) {
        scores.push(shard.variantScores[at] ?? 0);
      }
      return scores;
    },
  };
}
