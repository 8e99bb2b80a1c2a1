import type { Counts, TimeCount } from "./listening.ts";
import { BUCKET_MS } from "./time-bucket.ts";
import { localDayOf, type ZoneCalendar } from "./zone-calendar.ts";

export interface DayCount extends Counts {
  /** Local day since 1970. */
  readonly day: number;
}

/** Days with plays, in order. A bucket belongs to the day in which it starts. */
export function listeningDays(
  counts: Iterable<TimeCount>,
  calendar: ZoneCalendar,
): readonly DayCount[] {
  const days = new Map<number, { day: number; plays: number; heardMs: number }>();
  let sum = { day: Number.NaN, plays: 0, heardMs: 0 };
  for (const { bucket, plays, heardMs } of counts) {
    const day = localDayOf(calendar, bucket * BUCKET_MS);
    if (day !== sum.day) {
      sum = days.get(day) ?? { day, plays: 0, heardMs: 0 };
      days.set(day, sum);
    }
    sum.plays += plays;
    sum.heardMs += heardMs;
  }
  return [...days.values()].sort((left, right) => left.day - right.day);
}
