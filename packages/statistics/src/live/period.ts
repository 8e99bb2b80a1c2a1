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
 * as `to` the first moment after it. Times are widened to whole quarters of an hour of UTC. An end
 * that is not given is that of all time. REQUEST_INVALID where nothing lies between them.
 */
export function parsePeriod(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  calendar: ZoneCalendar,
): BucketRange {
  const fromMs = from === undefined ? undefined : momentOf(from, 0, calendar);
  const toMs = to === undefined ? undefined : momentOf(to, 1, calendar);
  const range = {
    fromBucket: fromMs === undefined ? ALL_TIME.fromBucket : bucketOf(fromMs),
    toBucket: toMs === undefined ? ALL_TIME.toBucket : Math.ceil(toMs / BUCKET_MS),
  };
  if (range.toBucket > range.fromBucket) return range;
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
  if (text.length > DATE_LENGTH) return Date.parse(text);
  return calendar.startOfDay(fromIsoDay(text) + daysOn);
}
