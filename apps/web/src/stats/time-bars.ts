/** Listening over time as bars: one for each unit of the period, also where nothing was played. */
import type { Statistics, TimePoint, TimeUnit } from "../api/stats-wire.ts";
import { addDays, type Day, nextMonth, weekdayOf, yearOf } from "./day.ts";
import { playsByHour } from "./heat-level.ts";
import {
  formatDayOfYear,
  formatDays,
  formatHour,
  formatMonth,
  formatWeekday,
} from "./listening-wording.ts";
import { type DayRange, isSingleDay, type Period } from "./period.ts";

export interface TimeBar {
  /** Short, below the bar. */
  readonly label: string;
  /** In full, for a table and a tooltip. */
  readonly name: string;
  readonly plays: number;
  /** null where only plays are known. */
  readonly seconds: number | null;
  /** The days it stands for; null for hours. */
  readonly days: { readonly from: Day; readonly to: Day } | null;
}

/** A single day is told by its hours. */
export function timeBars(
  statistics: Pick<Statistics, "overTime" | "heatmap">,
  period: Period,
  range: DayRange,
  today: Day,
): readonly TimeBar[] {
  if (isSingleDay(period)) return playsByHour(statistics.heatmap).map(hourBar);
  const { unit, points } = statistics.overTime;
  const first = points[0]?.from;
  const last = points.at(-1)?.from;
  if (first === undefined || last === undefined) return [];
  const start = startOf(unit, range.from ?? first);
  const end = latest(earliest(range.to ?? last, today), last);
  const isOverYears = yearOf(start) !== yearOf(end);
  const byDay = new Map(points.map((point) => [point.from, point]));
  const bars: TimeBar[] = [];
  for (let day = start; day <= end; day = next(unit, day)) {
    const point: TimePoint = byDay.get(day) ?? { from: day, plays: 0, seconds: 0 };
    bars.push(barOf(point, unit, range, isOverYears));
  }
  return bars;
}

function hourBar(plays: number, hour: number): TimeBar {
  return {
    label: formatHour(hour),
    name: `${formatHour(hour)}–${formatHour((hour + 1) % 24)}`,
    plays,
    seconds: null,
    days: null,
  };
}

/** Its days are those of the period: the first week of a year may begin in the one before. */
function barOf(
  { from, plays, seconds }: TimePoint,
  unit: TimeUnit,
  range: DayRange,
  isOverYears: boolean,
): TimeBar {
  const to = addDays(next(unit, from), -1);
  const days = { from: latest(from, range.from ?? from), to: earliest(to, range.to ?? to) };
  switch (unit) {
    case "day":
      return { label: formatDayOfYear(from), name: formatWeekday(from), plays, seconds, days };
    case "week":
      return {
        // A week is of the month in which most of it lies.
        label: isOverYears ? formatMonth(addDays(from, 3)) : formatDayOfYear(days.from),
        name: formatDays(days),
        plays,
        seconds,
        days,
      };
    case "month":
      return { label: formatMonth(from), name: formatMonth(from), plays, seconds, days };
  }
}

function startOf(unit: TimeUnit, day: Day): Day {
  if (unit === "day") return day;
  return unit === "week" ? addDays(day, -weekdayOf(day)) : `${day.slice(0, 7)}-01`;
}

function next(unit: TimeUnit, day: Day): Day {
  if (unit === "month") return nextMonth(day);
  return addDays(day, unit === "week" ? 7 : 1);
}

function earliest(one: Day, other: Day): Day {
  return one < other ? one : other;
}

function latest(one: Day, other: Day): Day {
  return one > other ? one : other;
}
