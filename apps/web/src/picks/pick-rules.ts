/** How many songs a list may have, and the words that tell what is missing. */

export const PICKS_MIN = 5;
export const PICKS_MAX = 100;

/** "Pick 2 more", or "Continue the list" once there are enough. */
export function continueLabel(pickCount: number): string {
  const missing = PICKS_MIN - pickCount;
  if (missing > 0) return pickCount === 0 ? `Pick ${PICKS_MIN} songs` : `Pick ${missing} more`;
  return "Continue the list";
}

export function canContinue(pickCount: number): boolean {
  return pickCount >= PICKS_MIN && pickCount <= PICKS_MAX;
}

/** Both lists hold the same ids in the same order. */
export function isSameOrder(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}
