import {
  BUCKETS_PER_DAY,
  type BucketRange,
  dayOfBucket,
  firstDayOfMonth,
  monthOfDay,
} from "@segue/statistics/live";

export type PeriodUnit = "year" | "month" | "day";

/** A year, a month or a day of UTC whose counts are added, or taken away again. */
export interface PeriodPart {
  readonly unit: PeriodUnit;
  readonly period: number;
  readonly sign: 1 | -1;
  /** Quarters of an hour of a day: from the first, to before the second. Of years and months, all. */
  readonly fromQuarter: number;
  readonly toQuarter: number;
}

/**
 * What reading one costs, where each has plenty of plays: most songs of a month are played again in
 * the next one, so a year is hardly larger.
 */
const COSTS: Readonly<Record<PeriodUnit, number>> = { year: 10, month: 8, day: 1 };

/** The fewest cells that add up to the period: eleven months are a year without one. */
export function partsOfPeriod({ fromBucket, toBucket }: BucketRange): readonly PeriodPart[] {
  if (fromBucket >= toBucket) return [];
  const years: Span[] = [];
  for (let year = yearOfBucket(fromBucket); year <= yearOfBucket(toBucket - 1); year += 1) {
    years.push(spanOf("year", year));
  }
  return years.flatMap((year) => coverOf(year, fromBucket, toBucket, 1).parts);
}

interface Span extends BucketRange {
  readonly unit: PeriodUnit;
  readonly period: number;
}

interface Cover {
  readonly parts: readonly PeriodPart[];
  readonly cost: number;
}

const EMPTY: Cover = { parts: [], cost: 0 };

/** What of the span lies from the one bucket to before the other. */
function coverOf(span: Span, fromBucket: number, toBucket: number, sign: 1 | -1): Cover {
  const from = Math.max(fromBucket, span.fromBucket);
  const to = Math.min(toBucket, span.toBucket);
  if (from >= to) return EMPTY;
  const isWhole = from === span.fromBucket && to === span.toBucket;
  if (isWhole || span.unit === "day") return single(span, from, to, sign);
  const inside = joined(partsOf(span).map((part) => coverOf(part, from, to, sign)));
  const whole = single(span, span.fromBucket, span.toBucket, sign);
  const opposite = sign === 1 ? -1 : 1;
  const outside = partsOf(span).flatMap((part) => [
    coverOf(part, span.fromBucket, from, opposite),
    coverOf(part, to, span.toBucket, opposite),
  ]);
  const without = joined([whole, ...outside]);
  return without.cost < inside.cost ? without : inside;
}

function single({ unit, period, fromBucket }: Span, from: number, to: number, sign: 1 | -1): Cover {
  const part = { unit, period, sign, fromQuarter: from - fromBucket, toQuarter: to - fromBucket };
  return { parts: [part], cost: COSTS[unit] };
}

function joined(covers: readonly Cover[]): Cover {
  return {
    parts: covers.flatMap(({ parts }) => parts),
    cost: covers.reduce((sum, { cost }) => sum + cost, 0),
  };
}

function partsOf({ unit, period, fromBucket, toBucket }: Span): readonly Span[] {
  if (unit === "year") {
    return Array.from({ length: 12 }, (_, index) => spanOf("month", period * 12 + index));
  }
  const days = (toBucket - fromBucket) / BUCKETS_PER_DAY;
  const first = dayOfBucket(fromBucket);
  return Array.from({ length: days }, (_, index) => spanOf("day", first + index));
}

function spanOf(unit: PeriodUnit, period: number): Span {
  const firstDay = (of: number) => {
    if (unit === "day") return of;
    return firstDayOfMonth(unit === "month" ? of : of * 12);
  };
  return {
    unit,
    period,
    fromBucket: firstDay(period) * BUCKETS_PER_DAY,
    toBucket: firstDay(period + 1) * BUCKETS_PER_DAY,
  };
}

function yearOfBucket(bucket: number): number {
  return Math.floor(monthOfDay(dayOfBucket(bucket)) / 12);
}
