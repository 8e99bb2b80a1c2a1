/** The grain of all statistics: 15 minutes of UTC, counted from 1970. */
export const BUCKET_MS = 15 * 60_000;
export const BUCKETS_PER_DAY = 96;

const DAY_MS = 24 * 60 * 60_000;

/** Plays count where they start. */
export function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS);
}

/** UTC days since 1970. */
export function dayOfBucket(bucket: number): number {
  return Math.floor(bucket / BUCKETS_PER_DAY);
}

/** UTC months since January 1970. */
export function monthOfDay(day: number): number {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export function firstDayOfMonth(month: number): number {
  return utcDate(1970 + Math.floor(month / 12), ((month % 12) + 12) % 12, 1) / DAY_MS;
}

/** As Date.UTC, which takes the years 0 to 99 for those of the last century. */
export function utcDate(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

export function monthOfTime(timeMs: number): number {
  return monthOfDay(Math.floor(timeMs / DAY_MS));
}

export function firstTimeOfMonth(month: number): number {
  return firstDayOfMonth(month) * DAY_MS;
}
