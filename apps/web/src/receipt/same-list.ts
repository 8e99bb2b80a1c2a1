/** Whether a replay gave the list that was answered then. */

interface Ranked {
  readonly id: string;
  readonly score: number;
}

/** The order of songs whose scores differ by less is an accident of how work was batched. */
const SCORE_TOLERANCE = 1e-6;

export function isSameList(then: readonly Ranked[], now: readonly Ranked[]): boolean {
  if (then.length !== now.length) return false;
  const nowById = new Map(now.map((song) => [song.id, song]));
  return then.every(({ id, score }, index) => {
    const again = nowById.get(id);
    if (again === undefined || Math.abs(again.score - score) > SCORE_TOLERANCE) return false;
    const inItsPlace = now[index];
    if (inItsPlace === undefined) return false;
    return inItsPlace.id === id || Math.abs(inItsPlace.score - score) <= SCORE_TOLERANCE;
  });
}
