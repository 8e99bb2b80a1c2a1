import { AppError } from "@segue/errors";
import { utcDate } from "./time-bucket.ts";

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
/** Each holds an offset for every day asked about. */
const CALENDARS_MAX = 64;

/** Days and hours of one time zone. Local times are milliseconds as if the zone were UTC. */
export interface ZoneCalendar {
  /** The zone's canonical spelling. */
  readonly timeZone: string;
  localOf(timeMs: number): number;
  /** The first instant of a local day, given by its number since 1970. */
  startOfDay(day: number): number;
}

const calendars = new Map<string, ZoneCalendar>();

/** REQUEST_INVALID for a name that the IANA database does not have. */
export function zoneCalendarFor(name: string): ZoneCalendar {
  const known = calendars.get(name);
  if (known !== undefined) return known;
  const calendar = createZoneCalendar(name);
  calendars.set(name, calendar);
  const [oldest = name] = calendars.keys();
  if (calendars.size > CALENDARS_MAX) calendars.delete(oldest);
  return calendar;
}

export function localDayOf(calendar: ZoneCalendar, timeMs: number): number {
  return Math.floor(calendar.localOf(timeMs) / DAY_MS);
}

/** From 0, Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** As in `2026-03-01`. */
export function toIsoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Of a valid date as in `2026-03-01`. */
export function fromIsoDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function createZoneCalendar(name: string): ZoneCalendar {
  const format = formatFor(name);
  const askOffset = (timeMs: number): number => {
    const second = Math.floor(timeMs / 1_000) * 1_000;
    const parts = new Map(format.formatToParts(second).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
    const date = utcDate(year, number("month") - 1, number("day"));
    const local = date + number("hour") * HOUR_MS;
    return local + number("minute") * MINUTE_MS + number("second") * 1_000 - second;
  };
  // Asking takes microseconds, and there are hundreds of thousands of buckets in few days.
  const offsetsOfDays = new Map<number, number>();
  const offsetAtStartOf = (day: number): number => {
    const known = offsetsOfDays.get(day);
    if (known !== undefined) return known;
    const offset = askOffset(day * DAY_MS);
    offsetsOfDays.set(day, offset);
    return offset;
  };
  // Times are mostly asked about in their order: the day is that of the time before.
  let lastDay = Number.NaN;
  let lastOffset = 0;
  const localOf = (timeMs: number): number => {
    const day = Math.floor(timeMs / DAY_MS);
    if (day === lastDay) return timeMs + lastOffset;
    const offset = offsetAtStartOf(day);
    if (offset !== offsetAtStartOf(day + 1)) return timeMs + askOffset(timeMs);
    lastDay = day;
    lastOffset = offset;
    return timeMs + offset;
  };
  return {
    timeZone: format.resolvedOptions().timeZone,
    localOf,
    startOfDay: (day) => startOfDay(day, localOf),
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new AppError(
      "REQUEST_INVALID",
      `${JSON.stringify(timeZone)} is no time zone; use a name of the IANA database, such as Europe/Berlin or UTC`,
      { cause },
    );
  }
}

/**
 * The earliest time that is on the local day or after it: where clocks skip midnight the day begins
 * later, and where they skip the day it begins with the next. Offsets lie within a day of UTC.
 */
function startOfDay(day: number, localOf: (timeMs: number) => number): number {
  const midnight = day * DAY_MS;
  let before = midnight - 1.5 * DAY_MS;
  let after = midnight + 1.5 * DAY_MS;
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (middle === before) break;
    if (localOf(middle) >= midnight) after = middle;
    else before = middle;
  }
  return after;
}
