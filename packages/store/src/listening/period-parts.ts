import {
  BUCKETS_PER_DAY,
  type BucketRange,
  firstDayOfMonth,
  monthOfDay,
} from "@segue/statistics/live";

/** A period as whole years, months and days of UTC, and the days of which it holds a part. */
export interface PeriodParts {
  readonly years: readonly number[];
  readonly months: readonly number[];
  readonly days: readonly number[];
  readonly partDays: readonly {
    readonly day: number;
    /** Quarters of an hour of that day: from the first, to before the second. */
    readonly fromQuarter: number;
    readonly toQuarter: number;
  }[];
}

export function partsOfPeriod({ fromBucket, toBucket }: BucketRange): PeriodParts {
  const years: number[] = [];
  const months: number[] = [];
  const days: number[] = [];
  const partDays: { day: number; fromQuarter: number; toQuarter: number }[] = [];
  for (let bucket = fromBucket; bucket < toBucket; ) {
    const day = Math.floor(bucket / BUCKETS_PER_DAY);
    const fromQuarter = bucket - day * BUCKETS_PER_DAY;
    const toQuarter = Math.min(BUCKETS_PER_DAY, toBucket - day * BUCKETS_PER_DAY);
    if (fromQuarter > 0 || toQuarter < BUCKETS_PER_DAY) {
      partDays.push({ day, fromQuarter, toQuarter });
      bucket = day * BUCKETS_PER_DAY + toQuarter;
      continue;
    }
    const daysLeft = Math.floor((toBucket - bucket) / BUCKETS_PER_DAY);
    const month = monthOfDay(day);
    const nextMonth = firstDayOfMonth(month + 1) - day;
    const isMonthStart = firstDayOfMonth(month) === day;
    const nextYear = firstDayOfMonth(month + 12) - day;
    if (isMonthStart && month % 12 === 0 && nextYear <= daysLeft) {
      years.push(month / 12);
      bucket += nextYear * BUCKETS_PER_DAY;
    } else if (isMonthStart && nextMonth <= daysLeft) {
      months.push(month);
      bucket += nextMonth * BUCKETS_PER_DAY;
    } else {
      days.push(day);
      bucket += BUCKETS_PER_DAY;
    }
  }
  return { years, months, days, partDays };
}
