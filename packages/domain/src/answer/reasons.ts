/** Which input songs led to a song: those without which its score falls. */

import type { LeaveOneOut } from "./model-input.ts";

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
 * which the score rises are not named: naming them would be untrue. Where it rises without any of
 * the groups, a wide group may still speak for it; where none does, nothing is named.
 *
 * @param variantScores the song's score under each further sequence of `leaveOneOut`
 */
export function reasonsFor(
  score: number,
  variantScores: readonly number[],
  { groups, wideGroups }: Pick<LeaveOneOut, "groups" | "wideGroups">,
): readonly PositionReason[] {
  const reasons = reasonsAmong(groups, score, variantScores);
  return reasons.length > 0
    ? reasons
    : reasonsAmong(wideGroups, score, variantScores.slice(groups.length));
}

function reasonsAmong(
  groups: readonly (readonly number[])[],
  score: number,
  variantScores: readonly number[],
): readonly PositionReason[] {
  const contributions = new Map<number, number>();
  let total = 0;
  for (const [index, group] of groups.entries()) {
    const fall = score - (variantScores[index] ?? score);
    if (!(fall > SCORE_TOLERANCE)) continue;
    total += fall;
    for (const position of group) {
      contributions.set(position, (contributions.get(position) ?? 0) + fall / group.length);
    }
  }
  // Among equals the later song is named: it is nearer to the continuation.
  return [...contributions]
    .sort(([left, leftFall], [right, rightFall]) => rightFall - leftFall || right - left)
    .slice(0, REASONS_MAX)
    .map(([position, fall]) => ({ position, weight: fall / total }));
}
