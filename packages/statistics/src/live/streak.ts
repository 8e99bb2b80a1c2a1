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
  let current: DayRun | undefined;
  let longest: DayRun | undefined;
  for (const day of days) {
    const firstDay = run?.lastDay === day - 1 ? run.firstDay : day;
    run = { firstDay, lastDay: day };
    // A player's clock may run ahead: days to come end no run.
    if (day === lastDay - 1 || day === lastDay) current = run;
    if (lengthOf(run) > lengthOf(longest)) longest = run;
  }
  return { current, longest };
}

/** In days. */
export function lengthOf(run: DayRun | undefined): number {
  return run === undefined ? 0 : run.lastDay - run.firstDay + 1;
}
