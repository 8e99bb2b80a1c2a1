/** Cuts sessions by time, so that nothing learnt comes from after what it is tested on. */
import { type Sessions, sessionCount, sliceSessions } from "./sessions.ts";

export interface SplitShares {
  /** Share of the sessions that early stopping and settings are judged on. */
  readonly validation: number;
  /** Share of the sessions, the latest ones, that only the final figures come from. */
  readonly test: number;
}

export const SPLIT_SHARES_DEFAULT: SplitShares = { validation: 0.05, test: 0.1 };

export interface TimeSplit {
  readonly training: Sessions;
  readonly validation: Sessions;
  readonly test: Sessions;
}

export function splitByTime(
  sessions: Sessions,
  shares: SplitShares = SPLIT_SHARES_DEFAULT,
): TimeSplit {
  const count = sessionCount(sessions);
  const testFrom = count - Math.floor(count * shares.test);
  const validationFrom = testFrom - Math.floor(count * shares.validation);
  return {
    training: sliceSessions(sessions, 0, validationFrom),
    validation: sliceSessions(sessions, validationFrom, testFrom),
    test: sliceSessions(sessions, testFrom, count),
  };
}
