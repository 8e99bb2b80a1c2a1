import { BUCKETS_PER_DAY, firstDayOfMonth } from "@segue/statistics/live";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PeriodPart, partsOfPeriod } from "./period-parts.ts";

const bucketAt = (time: string) => Math.floor(Date.parse(time) / 900_000);
const partsBetween = (from: string, to: string) =>
  partsOfPeriod({ fromBucket: bucketAt(from), toBucket: bucketAt(to) });

describe("parts of a period", () => {
  test("add up to each quarter of an hour of it once, and to no other", () => {
    const someBucket = fc.integer({
      min: bucketAt("1967-01-01T00:00Z"),
      max: bucketAt("1973-01-01T00:00Z"),
    });
    fc.assert(
      fc.property(fc.tuple(someBucket, someBucket), (edges) => {
        const [fromBucket, toBucket] = [Math.min(...edges), Math.max(...edges)];
        const parts = partsOfPeriod({ fromBucket, toBucket }).map((part) => ({
          sign: part.sign,
          ...bucketsOf(part),
        }));
        const countAt = (bucket: number) =>
          parts.reduce(
            (sum, { from, to, sign }) => sum + (bucket >= from && bucket < to ? sign : 0),
            0,
          );
        // Between two edges of parts nothing changes.
        const looks = [fromBucket, toBucket, ...parts.flatMap(({ from, to }) => [from, to])];
        for (const bucket of looks.flatMap((edge) => [edge - 1, edge])) {
          expect(countAt(bucket)).toBe(bucket >= fromBucket && bucket < toBucket ? 1 : 0);
        }
      }),
    );
  });

  test("are a year without a day and an hour rather than months and days", () => {
    const parts = partsBetween("2023-01-02T01:00Z", "2024-01-01T00:00Z");
    expect(parts.map(({ unit, sign }) => `${sign} ${unit}`)).toEqual([
      "1 year",
      "-1 day",
      "-1 day",
    ]);
  });

  test("are days where few are asked for", () => {
    const parts = partsBetween("2024-02-28T12:00Z", "2024-03-02T00:00Z");
    expect(parts.map(({ unit, fromQuarter }) => `${unit} ${fromQuarter}`)).toEqual([
      "day 48",
      "day 0",
      "day 0",
    ]);
  });
});

function bucketsOf({ unit, period, fromQuarter, toQuarter }: PeriodPart) {
  const firstDays = {
    year: firstDayOfMonth(period * 12),
    month: firstDayOfMonth(period),
    day: period,
  };
  const first = firstDays[unit] * BUCKETS_PER_DAY;
  return { from: first + fromQuarter, to: first + toQuarter };
}
