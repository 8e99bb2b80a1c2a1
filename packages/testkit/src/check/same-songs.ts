/** Whether two answers are the same: ids and order, with swaps only among scores that are as good as equal. */
import type { AnsweredSong } from "../load/outcome.ts";

/** Batch composition moves a recurrent state by up to 6e-8; songs nearer than this may swap. */
export const SWAP_SCORE_MAX = 1e-6;

/** Scores travel as float32 and are logarithms of about -10. */
const SCORE_TOLERANCE = 1e-5;

/** Undefined when they are the same, else the first difference in words. */
export function differenceBetween(
  answered: readonly AnsweredSong[],
  expected: readonly AnsweredSong[],
): string | undefined {
  if (answered.length !== expected.length) {
    return `${answered.length} songs instead of ${expected.length}`;
  }
  if (new Set(answered.map(({ id }) => id)).size < answered.length) return "a song comes twice";
  const expectedScores = new Map(expected.map(({ id, score }) => [id, score]));
  const last = expected.at(-1)?.score ?? 0;
  for (const [rank, song] of answered.entries()) {
    const there = expected[rank];
    if (there === undefined || !(Math.abs(song.score - there.score) <= SCORE_TOLERANCE)) {
      return `rank ${rank + 1} has score ${song.score} instead of ${there?.score}`;
    }
    if (song.id === there.id) continue;
    // A song that was not expected at all may have taken the place of the last by a hair.
    const ownScore = expectedScores.get(song.id) ?? last;
    if (!(Math.abs(ownScore - there.score) <= SWAP_SCORE_MAX)) {
      return `rank ${rank + 1} is ${song.id} instead of ${there.id}`;
    }
  }
  return undefined;
}
