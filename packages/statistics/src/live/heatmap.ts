import type { TimeCount } from "./listening.ts";
import { BUCKET_MS } from "./time-bucket.ts";
import { weekdayOf, type ZoneCalendar } from "./zone-calendar.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Plays by weekday, Monday first, and hour. */
export function heatmapOf(
  counts: Iterable<TimeCount>,
  calendar: ZoneCalendar,
): readonly (readonly number[])[] {
  const heatmap = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (const { bucket, plays } of counts) {
    const { weekday, hour } = localHourOf(bucket, calendar);
    const hours = heatmap[weekday];
    if (hours !== undefined) hours[hour] = (hours[hour] ?? 0) + plays;
  }
  return heatmap;
}

/** A bucket belongs to the hour in which it starts. Weekdays from 0, Monday. */
export function localHourOf(
  bucket: number,
  calendar: ZoneCalendar,
): { readonly weekday: number; readonly hour: number } {
  const local = calendar.localOf(bucket * BUCKET_MS);
  const day = Math.floor(local / DAY_MS);
  return { weekday: weekdayOf(day), hour: Math.floor((local - day * DAY_MS) / HOUR_MS) };
}
