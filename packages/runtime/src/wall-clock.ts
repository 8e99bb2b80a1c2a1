/** The time of day with fractions of a millisecond, which a receipt whose hops take less needs. */

/** Beyond this the two clocks are taken to have parted: sleep, or somebody set the time. */
const DRIFT_MS_MAX = 50;

/**
 * The monotonic clock has the fractions but stands still while a machine sleeps, so it is anchored to
 * the time of day anew whenever the two differ. Every part of a process must use one such clock:
 * deadlines of one are judged by another.
 *
 * @returns unix time in milliseconds
 */
export function createWallClock(
  timeOfDay: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): () => number {
  let offset = timeOfDay() - monotonic();
  return () => {
    const elapsed = monotonic();
    const drift = timeOfDay() - (elapsed + offset);
    if (Math.abs(drift) > DRIFT_MS_MAX) offset += drift;
    return elapsed + offset;
  };
}
