import { describe, expect, it } from "vitest";
import { addDays, dayIn, dayOf, daysBetween, nextMonth, weekdayOf, yearOf } from "./day.ts";

describe("a calendar day", () => {
  it("is the one of the zone, not of UTC", () => {
    const at = new Date("2026-03-01T23:30:00Z");
    expect(dayIn("UTC", at)).toBe("2026-03-01");
    expect(dayIn("Europe/Berlin", at)).toBe("2026-03-02");
    expect(dayIn("America/Los_Angeles", at)).toBe("2026-03-01");
    expect(dayIn("Pacific/Kiritimati", at)).toBe("2026-03-02");
  });

  it("is counted across months, leap days and the change of the clocks", () => {
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(daysBetween("2026-01-01", "2026-12-31")).toBe(364);
    expect(nextMonth("2026-12-15")).toBe("2027-01-01");
    expect(yearOf("2026-12-31")).toBe(2026);
  });

  it("knows its weekday, Monday first", () => {
    expect(weekdayOf("2026-11-23")).toBe(0);
    expect(weekdayOf("2026-11-22")).toBe(6);
  });

  it("is only read where it exists", () => {
    expect(dayOf("2026-02-28")).toBe("2026-02-28");
    for (const text of ["2026-02-30", "2026-13-01", "26-01-01", "today", "", null]) {
      expect(dayOf(text)).toBeNull();
    }
  });
});
