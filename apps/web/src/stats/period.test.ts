import { describe, expect, it } from "vitest";
import {
  customPeriod,
  daysOf,
  isSingleDay,
  neighbourPeriod,
  type Period,
  parsePeriod,
  unitOf,
  writePeriod,
} from "./period.ts";

const TODAY = "2026-11-22";

function roundTrip(period: Period): Period {
  const parameters = new URLSearchParams();
  writePeriod(period, parameters);
  return parsePeriod(new URLSearchParams(parameters.toString()));
}

describe("a period", () => {
  it("ends today and includes it", () => {
    expect(daysOf({ kind: "today" }, TODAY)).toEqual({ from: TODAY, to: TODAY });
    expect(daysOf({ kind: "7d" }, TODAY)).toEqual({ from: "2026-11-16", to: TODAY });
    expect(daysOf({ kind: "30d" }, TODAY)).toEqual({ from: "2026-10-24", to: TODAY });
    expect(daysOf({ kind: "year" }, TODAY)).toEqual({ from: "2026-01-01", to: TODAY });
    expect(daysOf({ kind: "all" }, TODAY)).toEqual({ from: null, to: null });
  });

  it("has its days in order, whichever was chosen first", () => {
    const period = customPeriod("2026-03-07", "2026-03-01");
    expect(period).toEqual({ kind: "custom", from: "2026-03-01", to: "2026-03-07" });
    expect(isSingleDay(period)).toBe(false);
    expect(isSingleDay(customPeriod(TODAY, TODAY))).toBe(true);
    expect(isSingleDay({ kind: "today" })).toBe(true);
  });

  it("moves by its own length, never into the future", () => {
    expect(neighbourPeriod({ kind: "7d" }, -1, TODAY)).toEqual(
      customPeriod("2026-11-09", "2026-11-15"),
    );
    expect(neighbourPeriod({ kind: "7d" }, 1, TODAY)).toBeNull();
    expect(neighbourPeriod(customPeriod("2026-11-20", "2026-11-20"), 1, TODAY)).toEqual(
      customPeriod("2026-11-21", "2026-11-21"),
    );
    expect(neighbourPeriod({ kind: "year" }, -1, TODAY)).toEqual(
      customPeriod("2025-01-01", "2025-12-31"),
    );
    expect(neighbourPeriod({ kind: "all" }, -1, TODAY)).toBeNull();
  });

  it("is drawn in a unit that suits its length, whoever played in it", () => {
    const unitFor = (period: Period) => unitOf(daysOf(period, TODAY));
    expect([unitFor({ kind: "30d" }), unitFor({ kind: "year" }), unitFor({ kind: "all" })]).toEqual(
      ["day", "week", null],
    );
    expect(unitFor(customPeriod("2020-01-01", TODAY))).toBe("month");
  });

  it("is kept by the address", () => {
    for (const kind of ["today", "7d", "30d", "year", "all"] as const) {
      expect(roundTrip({ kind })).toEqual({ kind });
    }
    const days = customPeriod("2026-03-01", "2026-03-07");
    expect(roundTrip(days)).toEqual(days);
  });

  it("of a broken address is the usual one, and a lone day is that day", () => {
    expect(parsePeriod(new URLSearchParams("period=century"))).toEqual({ kind: "30d" });
    expect(parsePeriod(new URLSearchParams("from=2026-02-31&to=x"))).toEqual({ kind: "30d" });
    expect(parsePeriod(new URLSearchParams("from=2026-02-01"))).toEqual(
      customPeriod("2026-02-01", "2026-02-01"),
    );
  });
});
