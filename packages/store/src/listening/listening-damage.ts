import type { AppError } from "@segue/errors";

/** Tells the operator, once the aggregates are thrown away. */
export function warnOfDamage(damage: AppError, pauseMs = 0): void {
  const when = pauseMs === 0 ? "now" : `after a pause of ${Math.round(pauseMs / 60_000)} min`;
  process.emitWarning(
    `The statistics did not fit the stored plays. ${damage.message} They are made again from all plays, ${when}; questions answer 503 until then. If this comes again, run \`segue db check\` and report both.`,
    { code: "SEGUE_STATISTICS_DAMAGED" },
  );
}
