/** The span of days that is looked at: one that moves with today, or fixed days. */
import type { TimeUnit } from "../api/stats-wire.ts";
import { addDays, type Day, dayOf, daysBetween, yearOf } from "./day.ts";

export const MOVING_PERIODS = ["today", "7d", "30d", "year", "all"] as const;
export type MovingPeriod = (typeof MOVING_PERIODS)[number];

export type Period =
  | { readonly kind: MovingPeriod }
  /** Both days are included. */
  | { readonly kind: "custom"; readonly from: Day; readonly to: Day };

/** Both days are included; null has no bound on that side. */
export interface DayRange {
  readonly from: Day | null;
  readonly to: Day | null;
}

export const DEFAULT_PERIOD: Period = { kind: "30d" };

export function daysOf(period: Period, today: Day): DayRange {
  switch (period.kind) {
    case "today":
      return { from: today, to: today };
    case "7d":
      return { from: addDays(today, -6), to: today };
    case "30d":
      return { from: addDays(today, -29), to: today };
    case "year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    case "all":
      return { from: null, to: null };
    case "custom":
      return { from: period.from, to: period.to };
  }
}

const DAYS_AS_DAYS_MAX = 92;
const DAYS_AS_WEEKS_MAX = 731;

/** Of bars over all the days, however few of them had plays; null: the server decides by the plays. */
export function unitOf({ from, to }: DayRange): TimeUnit | null {
  if (from === null || to === null) return null;
  const days = daysBetween(from, to) + 1;
  if (days <= DAYS_AS_DAYS_MAX) return "day";
  return days <= DAYS_AS_WEEKS_MAX ? "week" : "month";
}

/** The days in order, whichever was chosen first. */
export function customPeriod(one: Day, other: Day): Period {
  return one <= other
    ? { kind: "custom", from: one, to: other }
    : { kind: "custom", from: other, to: one };
}

/** The same number of days before or after; null where there is none, or none yet. */
export function neighbourPeriod(period: Period, direction: -1 | 1, today: Day): Period | null {
  const { from, to } = daysOf(period, today);
  if (from === null || to === null) return null;
  if (period.kind === "year") {
    const year = yearOf(today) - 1;
    return direction === -1 ? customPeriod(`${year}-01-01`, `${year}-12-31`) : null;
  }
  const shift = direction * (daysBetween(from, to) + 1);
  const start = addDays(from, shift);
  return start > today ? null : customPeriod(start, addDays(to, shift));
}

export function isSingleDay(period: Period): boolean {
  return period.kind === "today" || (period.kind === "custom" && period.from === period.to);
}

/** Reads what writePeriod wrote; anything else is the default. */
export function parsePeriod(parameters: URLSearchParams): Period {
  const from = dayOf(parameters.get("from"));
  const to = dayOf(parameters.get("to"));
  if (from !== null || to !== null) return customPeriod(from ?? to ?? "", to ?? from ?? "");
  const kind = MOVING_PERIODS.find((known) => known === parameters.get("period"));
  return kind === undefined ? DEFAULT_PERIOD : { kind };
}

export function writePeriod(period: Period, parameters: URLSearchParams): void {
  if (period.kind === "custom") {
    parameters.set("from", period.from);
    parameters.set("to", period.to);
  } else if (period.kind !== DEFAULT_PERIOD.kind) {
    parameters.set("period", period.kind);
  }
}
