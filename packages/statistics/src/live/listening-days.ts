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
  for (const { bucket, plays, heardMs } of counts) {
    const day = localDayOf(calendar, bucket * BUCKET_MS);
    const sum = days.get(day);
    if (sum === undefined) {
      days.set(day, { day, plays, heardMs });
      continue;
    }
    sum.plays += plays;
    sum.heardMs += heardMs;
  }
  return [...days.values()].sort((left, right) => left.day - right.day);
}
