import { AppError } from "@segue/errors";
import type { BucketRange } from "./listening.ts";
import { BUCKET_MS, bucketOf } from "./time-bucket.ts";
import { fromIsoDay, type ZoneCalendar } from "./zone-calendar.ts";

/** The years 1 to 9999. */
export const ALL_TIME: BucketRange = {
  fromBucket: bucketOf(Date.parse("0001-01-01T00:00:00Z")),
  toBucket: bucketOf(Date.UTC(10_000, 0, 1)),
};

const DATE_LENGTH = "2026-03-01".length;

/**
 * The period between two RFC 3339 times or dates of the zone: a date as `from` is its first moment,
 * as `to` the first moment after it. Times are widened to whole quarters of an hour of UTC; a quarter
 * in which a date begins is of the date before. An end that is not given is that of all time, and
 * none lies beyond it. REQUEST_INVALID where nothing lies between them.
 */
export function parsePeriod(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  calendar: ZoneCalendar,
): BucketRange {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : momentOf(from, 0, calendar);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : momentOf(to, 1, calendar);
  const roundFrom = from !== undefined && isDate(from) ? Math.ceil : Math.floor;
  const range = {
    fromBucket: Math.max(ALL_TIME.fromBucket, roundFrom(fromMs / BUCKET_MS)),
    toBucket: Math.min(ALL_TIME.toBucket, Math.ceil(toMs / BUCKET_MS)),
  };
  if (toMs > fromMs && range.toBucket > range.fromBucket) return range;
  throw new AppError(
    "REQUEST_INVALID",
    `from (${from}) is not before to (${to}); give the earlier one as from`,
  );
}

/** A year of the zone. */
export function yearPeriod(year: number, calendar: ZoneCalendar): BucketRange {
  return parsePeriod({ from: `${isoYear(year)}-01-01`, to: `${isoYear(year)}-12-31` }, calendar);
}

function isoYear(year: number): string {
  return String(year).padStart(4, "0");
}

function momentOf(text: string, daysOn: 0 | 1, calendar: ZoneCalendar): number {
  if (!isDate(text)) return Date.parse(text);
  return calendar.startOfDay(fromIsoDay(text) + daysOn);
}

function isDate(text: string): boolean {
  return text.length === DATE_LENGTH;
}
