/** Which input songs led to a song: those without which its score falls. */

/** So many songs are named at most. */
export const REASONS_MAX = 3;

/** Within this, two scores are the same: the arithmetic depends on what else is in a batch. */
const SCORE_TOLERANCE = 1e-6;

export interface PositionReason {
  /** Position in the input. */
  readonly position: number;
  readonly weight: number;
}

/**
 * A group of input songs speaks for a song by as much as the song's score falls without the group;
 * its songs share that equally. Weights are shares of all that speaks for the song. Groups without
 * which the score rises are not named: when it rises without any of them, nothing is, since naming
 * a song then would be untrue.
 *
 * @param variantScores the song's score under each variant of `groups`, in their order
 */
export function reasonsFor(
  score: number,
  variantScores: readonly number[],
  groups: readonly (readonly number[])[],
): readonly PositionReason[] {
  const contributions: PositionReason[] = [];
  let total = 0;
  for (const [index, group] of groups.entries()) {
    const fall = score - (variantScores[index] ?? score);
    if (!(fall > SCORE_TOLERANCE)) continue;
    total += fall;
    for (const position of group) contributions.push({ position, weight: fall / group.length });
  }
  // Among equals the later song is named: it is nearer to the continuation.
  contributions.sort((left, right) => right.weight - left.weight || right.position - left.position);
  return contributions
    .slice(0, REASONS_MAX)
    .map(({ position, weight }) => ({ position, weight: weight / total }));
}
