import { describe, expect, test } from "vitest";
import { ALL_TIME, parsePeriod } from "./period.ts";
import { BUCKET_MS } from "./time-bucket.ts";
import { zoneCalendarFor } from "./zone-calendar.ts";

const rangeOf = (period: { from?: string; to?: string }, timeZone = "UTC") =>
  parsePeriod(period, zoneCalendarFor(timeZone));
const bucketAt = (time: string) => Date.parse(time) / BUCKET_MS;

describe("a period", () => {
  test("widens times to whole quarters of an hour", () => {
    expect(rangeOf({ from: "2026-03-01T20:05:00Z", to: "2026-03-01T20:10:00Z" })).toEqual({
      fromBucket: bucketAt("2026-03-01T20:00:00Z"),
      toBucket: bucketAt("2026-03-01T20:15:00Z"),
    });
  });

  test.each([
    ["2026-03-01T20:10:00Z", "2026-03-01T20:05:00Z"],
    ["2026-03-01T20:10:00Z", "2026-03-01T20:10:00Z"],
    ["2026-03-02", "2026-03-01"],
  ])("from %s to %s is none", (from, to) => {
    expect(() => rangeOf({ from, to })).toThrow(
      expect.objectContaining({ code: "REQUEST_INVALID" }),
    );
  });

  // Monrovia was 44 minutes and 30 seconds behind until 1972.
  test.each(["UTC", "Africa/Monrovia", "Asia/Kathmandu"])(
    "of a day ends where that of the next begins, in %s",
    (timeZone) => {
      const day = rangeOf({ from: "1930-06-01", to: "1930-06-01" }, timeZone);
      const next = rangeOf({ from: "1930-06-02", to: "1930-06-02" }, timeZone);
      expect(next.fromBucket).toBe(day.toBucket);
      expect(day.toBucket - day.fromBucket).toBe(96);
    },
  );

  test.each(["America/New_York", "Asia/Tokyo"])("ends with all time, in %s", (timeZone) => {
    expect(rangeOf({ from: "0000-01-01", to: "9999-12-31" }, timeZone)).toEqual({
      fromBucket: ALL_TIME.fromBucket,
      toBucket: timeZone === "Asia/Tokyo" ? ALL_TIME.toBucket - 36 : ALL_TIME.toBucket,
    });
  });
});
