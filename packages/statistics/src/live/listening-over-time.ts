import type { DayCount } from "./listening-days.ts";
import { weekdayOf } from "./zone-calendar.ts";

export type TimeUnit = "day" | "week" | "month";

const DAY_MS = 24 * 60 * 60_000;
const DAYS_IN_DAYS_MAX = 92;
const DAYS_IN_WEEKS_MAX = 731;

/** Without gaps, from the first day with plays to the last; a point bears its first day. */
export function listeningOverTime(days: readonly DayCount[], unit: TimeUnit): readonly DayCount[] {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const points = new Map<number, { day: number; plays: number; heardMs: number }>();
  const end = firstDayOf(last.day, unit);
  for (let day = firstDayOf(first.day, unit); day <= end; day = nextFirstDay(day, unit)) {
    points.set(day, { day, plays: 0, heardMs: 0 });
  }
  for (const { day, plays, heardMs } of days) {
    const point = points.get(firstDayOf(day, unit));
    if (point === undefined) continue;
    point.plays += plays;
    point.heardMs += heardMs;
  }
  return [...points.values()];
}

/** The finest unit that a chart can show. */
export function unitFor(days: readonly DayCount[]): TimeUnit {
  const span = (days.at(-1)?.day ?? 0) - (days[0]?.day ?? 0) + 1;
  if (span <= DAYS_IN_DAYS_MAX) return "day";
  return span <= DAYS_IN_WEEKS_MAX ? "week" : "month";
}

function firstDayOf(day: number, unit: TimeUnit): number {
  if (unit === "day") return day;
  if (unit === "week") return day - weekdayOf(day);
  return day - new Date(day * DAY_MS).getUTCDate() + 1;
}

function nextFirstDay(day: number, unit: TimeUnit): number {
  if (unit === "day") return day + 1;
  return unit === "week" ? day + 7 : firstDayOf(day + 31, "month");
}
