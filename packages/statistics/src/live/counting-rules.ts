import { ALL_TIME } from "./period.ts";
import { bucketOf } from "./time-bucket.ts";

/**
 * What counts, and for how much. Raw plays are kept whatever the rules say; aggregates made under
 * another version are made again from them.
 */
export interface CountingRules {
  /** Raised with every change of any rule or of how aggregates are kept. */
  readonly version: number;
  /**
   * A play counts that was heard for so long, and no longer. The most is what the doors let in; sums of
   * longer ones, which only another program can have stored, would not stay exact.
   */
  readonly secondsMin: number;
  readonly secondsMax: number;
  /** A pause longer than this between two starts parts two listening sessions of a user. */
  readonly sessionPauseMs: number;
}

export const COUNTING_RULES: CountingRules = {
  version: 1,
  secondsMin: 0,
  secondsMax: 24 * 60 * 60,
  sessionPauseMs: 30 * 60_000,
};

/**
 * For how long a play counts: whole milliseconds, so that sums are exact and can be taken back; what is
 * not known counts 0. Undefined: it counts for nothing, as its length or its time cannot be.
 */
export function countedMsOf({
  playedAtMs,
  seconds,
}: {
  readonly playedAtMs: number;
  readonly seconds: number | null;
}): number | undefined {
  const { secondsMin, secondsMax } = COUNTING_RULES;
  const heard = seconds ?? 0;
  const bucket = bucketOf(playedAtMs);
  const isInTime = bucket >= ALL_TIME.fromBucket && bucket < ALL_TIME.toBucket;
  if (!Number.isInteger(playedAtMs) || !isInTime) return undefined;
  // Written so that what is no number counts for nothing as well.
  return heard >= secondsMin && heard <= secondsMax ? Math.round(heard * 1_000) : undefined;
}
