import type { TimeCount } from "./listening.ts";
import { BUCKET_MS } from "./time-bucket.ts";
import { weekdayOf, type ZoneCalendar } from "./zone-calendar.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Plays by weekday, Monday first, and hour. A bucket belongs to the hour in which it starts. */
export function heatmapOf(
  counts: Iterable<TimeCount>,
  calendar: ZoneCalendar,
): readonly (readonly number[])[] {
  const heatmap = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (const { bucket, plays } of counts) {
    const local = calendar.localOf(bucket * BUCKET_MS);
    const day = Math.floor(local / DAY_MS);
    const hours = heatmap[weekdayOf(day)];
    const hour = Math.floor((local - day * DAY_MS) / HOUR_MS);
    if (hours !== undefined) hours[hour] = (hours[hour] ?? 0) + plays;
  }
  return heatmap;
}
