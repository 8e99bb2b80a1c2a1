/** How one year's listening compares to the year before, in words that stand alone. */

const SAME_WITHIN = 0.01;
/** From here on a factor reads better than per cent. */
const FACTOR_FROM = 3;

export function growthWords(now: number, before: number): string {
  if (before <= 0) return "More than the year before";
  const ratio = now / before;
  if (Math.abs(ratio - 1) < SAME_WITHIN) return "As much as the year before";
  if (ratio >= FACTOR_FROM) return `${ratio.toFixed(1)} times as much as the year before`;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  return `${percent} % ${ratio > 1 ? "more" : "less"} than the year before`;
}
