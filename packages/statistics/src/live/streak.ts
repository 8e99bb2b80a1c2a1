export interface DayRun {
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface Streak {
  /** Undefined: no day in a row up to now. */
  readonly current: DayRun | undefined;
  /** The first of equally long ones. */
  readonly longest: DayRun | undefined;
}

/**
 * Runs of days without a gap. The current one reaches the last day or the one before it, as a day
 * that is not over may still get its play. Days are numbers in rising order, each once.
 */
export function streakOf(days: Iterable<number>, lastDay: number): Streak {
  let run: DayRun | undefined;
  let longest: DayRun | undefined;
  for (const day of days) {
    const firstDay = run?.lastDay === day - 1 ? run.firstDay : day;
    run = { firstDay, lastDay: day };
    if (lengthOf(run) > lengthOf(longest)) longest = run;
  }
  return { current: run !== undefined && run.lastDay >= lastDay - 1 ? run : undefined, longest };
}

/** In days. */
export function lengthOf(run: DayRun | undefined): number {
  return run === undefined ? 0 : run.lastDay - run.firstDay + 1;
}
