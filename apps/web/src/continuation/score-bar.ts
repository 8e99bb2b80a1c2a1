/** How long the score bars of a list are. Scores have no unit, so bars compare within one list. */

/** The lowest score still shows a bar: it was among the best of the whole catalogue. */
const SHORTEST = 0.25;

/** Lengths 0.25 to 1, in the order of the scores. */
export function scoreBarLengths(scores: readonly number[]): readonly number[] {
  const best = Math.max(...scores);
  const spread = best - Math.min(...scores);
  if (!(spread > 0)) return scores.map(() => 1);
  return scores.map((score) => 1 - ((best - score) / spread) * (1 - SHORTEST));
}
