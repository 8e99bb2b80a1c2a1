import { describe, expect, it } from "vitest";
import { heatmapOf } from "./heatmap.ts";
import { listeningDays } from "./listening-days.ts";
import { listeningOverTime, unitFor } from "./listening-over-time.ts";
import { sessionSpansOf } from "./listening-sessions.ts";
import { ALL_TIME, parsePeriod, yearPeriod } from "./period.ts";
import { lengthOf, streakOf } from "./streak.ts";
import { BUCKET_MS, bucketOf, firstDayOfMonth, monthOfDay } from "./time-bucket.ts";
import { fromIsoDay, toIsoDay, zoneCalendarFor } from "./zone-calendar.ts";

const BERLIN = zoneCalendarFor("Europe/Berlin");
const MINUTE = 60_000;

const at = (time: string, plays = 1) => ({
  bucket: bucketOf(Date.parse(time)),
  plays,
  heardMs: plays * 1_000,
});

describe("heatmap", () => {
  it("puts a play into the weekday and hour of the zone, on both sides of a change of clocks", () => {
    const heatmap = heatmapOf(
      // A Sunday: half past one and, an hour and a half later, four o'clock in Berlin.
      [at("2026-03-29T00:30:00Z", 2), at("2026-03-29T02:00:00Z", 3)],
      BERLIN,
    );
    expect([heatmap[6]?.[1], heatmap[6]?.[4]]).toEqual([2, 3]);
    expect(heatmap.flat().reduce((sum, plays) => sum + plays)).toBe(5);
  });
});

describe("streak", () => {
  it("reaches up to today or yesterday, and keeps the first of equally long ones", () => {
    const { current, longest } = streakOf([1, 2, 3, 7, 8, 9, 11], 12);
    expect([lengthOf(current), longest]).toEqual([1, { firstDay: 1, lastDay: 3 }]);
  });

  it("is over after a whole day without a play", () => {
    expect(streakOf([1, 2, 3], 5).current).toBeUndefined();
    expect(lengthOf(streakOf([1, 2, 3], 4).current)).toBe(3);
    expect(streakOf([1, 2, 3, 5], 4).current).toEqual({ firstDay: 1, lastDay: 3 });
    expect(streakOf([], 4)).toEqual({ current: undefined, longest: undefined });
  });
});

describe("listening over time", () => {
  const days = listeningDays(
    [at("2026-01-31T22:59:00Z"), at("2026-01-31T23:00:00Z", 2), at("2026-04-01T10:00:00Z")],
    BERLIN,
  );

  it("has local days, weeks from Monday, and months, without gaps", () => {
    const points = (unit: "day" | "week" | "month") =>
      listeningOverTime(days, unit).map(({ day, plays }) => `${toIsoDay(day)} ${plays}`);
    expect(points("month")).toEqual([
      "2026-01-01 1",
      "2026-02-01 2",
      "2026-03-01 0",
      "2026-04-01 1",
    ]);
    expect(points("week").slice(0, 2)).toEqual(["2026-01-26 3", "2026-02-02 0"]);
    expect(points("day")).toHaveLength(61);
    expect(listeningOverTime([], "day")).toEqual([]);
  });

  it("takes the finest unit that a chart can show", () => {
    const span = (last: number) => unitFor([0, last].map((day) => ({ day, plays: 1, heardMs: 0 })));
    expect([span(91), span(92), span(730), span(731)]).toEqual(["day", "week", "week", "month"]);
  });
});

describe("listening sessions", () => {
  it("part where more than 30 minutes lie between two starts, and end with their last sound", () => {
    const plays = [0, 30, 60.1, 61].map((minutes) => ({
      playedAtMs: minutes * MINUTE,
      heardMs: minutes === 0 ? 40 * MINUTE : MINUTE,
    }));
    expect(sessionSpansOf(plays)).toEqual([
      { startedAtMs: 0, seconds: 40 * 60 },
      { startedAtMs: 60.1 * MINUTE, seconds: 114 },
    ]);
    expect(sessionSpansOf([])).toEqual([]);
  });
});

describe("a period", () => {
  const timesOf = (from?: string, to?: string) => {
    const { fromBucket, toBucket } = parsePeriod({ from, to }, BERLIN);
    return [fromBucket, toBucket].map((bucket) => new Date(bucket * BUCKET_MS).toISOString());
  };

  it("has whole days of the zone where dates are given", () => {
    expect(timesOf("2026-03-29", "2026-03-29")).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    expect(yearPeriod(2025, BERLIN)).toEqual(
      parsePeriod({ from: "2024-12-31T23:00:00Z", to: "2025-12-31T23:00:00Z" }, BERLIN),
    );
  });

  it("is widened to quarters of an hour where times are given", () => {
    expect(timesOf("2026-03-01T10:14:59+01:00", "2026-03-01T09:15:01Z")).toEqual([
      "2026-03-01T09:00:00.000Z",
      "2026-03-01T09:30:00.000Z",
    ]);
    expect(parsePeriod({}, BERLIN)).toEqual(ALL_TIME);
  });

  it("is refused when nothing lies in it", () => {
    expect(() => timesOf("2026-03-02", "2026-03-01")).toThrow(/2026-03-02.*2026-03-01/);
    expect(() => timesOf("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")).toThrow();
  });
});

describe("months since 1970", () => {
  it("begin with their first day, before 1970 too", () => {
    for (const date of ["2024-02-29", "1970-01-01", "1969-12-31", "2025-12-31"]) {
      const month = monthOfDay(fromIsoDay(date));
      expect(toIsoDay(firstDayOfMonth(month))).toBe(`${date.slice(0, 7)}-01`);
    }
  });
});
