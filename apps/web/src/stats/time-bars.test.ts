import { describe, expect, it } from "vitest";
import type { TimePoint, TimeUnit } from "../api/stats-wire.ts";
import { customPeriod, daysOf, type Period } from "./period.ts";
import { timeBars } from "./time-bars.ts";

const TODAY = "2026-11-22";
const QUIET = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));

function barsOf(period: Period, unit: TimeUnit, points: readonly TimePoint[]) {
  const statistics = { overTime: { unit, points }, heatmap: QUIET };
  return timeBars(statistics, period, daysOf(period, TODAY), TODAY);
}

describe("bars of listening over time", () => {
  it("reach from the first to the last day of the period, played or not", () => {
    const bars = barsOf({ kind: "7d" }, "day", [{ from: "2026-11-18", plays: 3, seconds: 600 }]);
    expect(bars.map(({ plays }) => plays)).toEqual([0, 0, 3, 0, 0, 0, 0]);
    expect(bars.at(-1)?.days).toEqual({ from: TODAY, to: TODAY });
    expect(bars[2]?.name).toBe("Wed 18 Nov");
  });

  it("reach from the first play to the last where the period has no bounds", () => {
    const bars = barsOf({ kind: "all" }, "month", [
      { from: "2026-08-01", plays: 1, seconds: 1 },
      { from: "2026-10-01", plays: 2, seconds: 2 },
    ]);
    expect(bars.map(({ label }) => label)).toEqual(["Aug 2026", "Sept 2026", "Oct 2026"]);
    expect(bars[0]?.days).toEqual({ from: "2026-08-01", to: "2026-08-31" });
  });

  it("of weeks begin on Mondays and name their days of the period", () => {
    const period = customPeriod("2026-10-07", "2026-10-20");
    const bars = barsOf(period, "week", [{ from: "2026-10-12", plays: 4, seconds: 9 }]);
    expect(bars.map(({ name }) => name)).toEqual([
      "7–11 Oct 2026",
      "12–18 Oct 2026",
      "19–20 Oct 2026",
    ]);
    expect(bars.map(({ plays }) => plays)).toEqual([0, 4, 0]);
    expect(bars[0]?.days).toEqual({ from: "2026-10-07", to: "2026-10-11" });
  });

  it("of weeks bear the year where there is more than one", () => {
    const bars = barsOf({ kind: "all" }, "week", [
      { from: "2025-12-22", plays: 1, seconds: 1 },
      { from: "2026-01-05", plays: 2, seconds: 2 },
    ]);
    // Of the week from 29 December to 4 January most is January.
    expect(bars.map(({ label }) => label)).toEqual(["Dec 2025", "Jan 2026", "Jan 2026"]);
    const inOneYear = barsOf({ kind: "all" }, "week", [
      { from: "2026-01-05", plays: 2, seconds: 2 },
    ]);
    expect(inOneYear.map(({ label }) => label)).toEqual(["5 Jan"]);
  });

  it("do not reach into days to come, but show plays that are said to be there", () => {
    const ahead = customPeriod("2026-11-21", "2026-12-31");
    expect(barsOf(ahead, "day", [{ from: "2026-11-21", plays: 1, seconds: 1 }])).toHaveLength(2);
    expect(barsOf(ahead, "day", [{ from: "2026-11-23", plays: 1, seconds: 1 }])).toHaveLength(3);
  });

  it("of a single day are its hours", () => {
    const heatmap = QUIET.map((hours, weekday) => (weekday === 6 ? hours.with(20, 5) : hours));
    const overTime = { unit: "day", points: [] } as const;
    const period = { kind: "today" } as const;
    const bars = timeBars({ overTime, heatmap }, period, daysOf(period, TODAY), TODAY);
    expect(bars).toHaveLength(24);
    expect(bars[20]).toEqual({
      label: "20:00",
      name: "20:00–21:00",
      plays: 5,
      seconds: null,
      days: null,
    });
  });

  it("are none when nothing was played", () => {
    expect(barsOf({ kind: "30d" }, "day", [])).toEqual([]);
  });
});
