import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromIsoDay, localDayOf, toIsoDay, weekdayOf, zoneCalendarFor } from "./zone-calendar.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Africa/Casablanca",
];

const startOf = (zone: string, date: string) =>
  new Date(zoneCalendarFor(zone).startOfDay(fromIsoDay(date))).toISOString();

describe("the calendar of a zone", () => {
  it("knows the local time that Intl gives, in any zone at any time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.date({ min: new Date("1970-01-01"), max: new Date("2037-12-31"), noInvalidDate: true }),
        (zone, date) => {
          const local = new Date(zoneCalendarFor(zone).localOf(date.getTime()));
          const shown = date.toLocaleString("sv-SE", { timeZone: zone });
          expect(local.toISOString().slice(0, 19).replace("T", " ")).toBe(shown);
        },
      ),
    );
  });

  it("begins each day with its first moment, and no earlier", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 24_000 }), (zone, day) => {
        const calendar = zoneCalendarFor(zone);
        const startMs = calendar.startOfDay(day);
        expect(localDayOf(calendar, startMs)).toBeGreaterThanOrEqual(day);
        expect(localDayOf(calendar, startMs - 1)).toBeLessThan(day);
      }),
    );
  });

  it("follows clocks that change, at midnight too, and days that never were", () => {
    expect(startOf("Europe/Berlin", "2026-03-29")).toBe("2026-03-28T23:00:00.000Z");
    expect(startOf("Europe/Berlin", "2026-03-30")).toBe("2026-03-29T22:00:00.000Z");
    // The day began at one o'clock.
    expect(startOf("America/Sao_Paulo", "2018-11-04")).toBe("2018-11-04T03:00:00.000Z");
    // Samoa had no 30 December 2011.
    expect(startOf("Pacific/Apia", "2011-12-30")).toBe(startOf("Pacific/Apia", "2011-12-31"));
  });

  it("refuses a zone that there is not, and says what to give", () => {
    expect(() => zoneCalendarFor("Mars/Olympus")).toThrow(/Mars\/Olympus.*Europe\/Berlin/);
  });

  it("names days and weekdays, from Monday", () => {
    expect([toIsoDay(fromIsoDay("2024-02-29")), weekdayOf(fromIsoDay("2024-02-29"))]).toEqual([
      "2024-02-29",
      3,
    ]);
    expect([weekdayOf(0), weekdayOf(-4)]).toEqual([3, 6]);
  });
});
