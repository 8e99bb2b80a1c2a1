/**
 * What counts, and for how much. Raw plays are kept whatever the rules say; aggregates made under
 * another version are made again from them.
 */
export interface CountingRules {
  /** Raised with every change of any rule or of how aggregates are kept. */
  readonly version: number;
  /** A play counts from so many milliseconds heard. */
  readonly heardMsMin: number;
  /** A pause longer than this between two starts parts two listening sessions of a user. */
  readonly sessionPauseMs: number;
}

export const COUNTING_RULES: CountingRules = {
  version: 1,
  heardMsMin: 0,
  sessionPauseMs: 30 * 60_000,
};

/** Whole milliseconds, so that sums are exact and can be taken back; what is not known counts 0. */
export function heardMsOf(seconds: number | null): number {
  return Math.round((seconds ?? 0) * 1_000);
}
