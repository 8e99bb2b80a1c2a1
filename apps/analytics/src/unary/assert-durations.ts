import type { StreamRecord } from "@segue/contracts/music";
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import { invalidRow } from "../invalid-row.ts";

/** REQUEST_INVALID with the first record whose duration is negative. */
export function assertNoNegativeDuration(records: readonly StreamRecord[]): void {
  const index = records.findIndex(({ duration }) => duration < 0);
  if (index !== -1) throw durationError(records, index, "is negative");
}

/** REQUEST_INVALID with the first record that lasts longer than a play can. */
export function assertNoAbsurdDuration(records: readonly StreamRecord[]): void {
  const index = records.findIndex(({ duration }) => duration > PLAY_SECONDS_MAX);
  if (index === -1) return;
  throw durationError(records, index, `is more than 24 days (${PLAY_SECONDS_MAX} s)`);
}

function durationError(records: readonly StreamRecord[], index: number, problem: string) {
  return invalidRow(
    `Record ${index}`,
    `records[${index}].duration`,
    `duration ${records[index]?.duration} s ${problem}; correct it or leave the record out`,
  );
}
