/** Calendar days as text, "2026-03-01", in whichever time zone they were read; no clock in here. */

export type Day = string;

const DAY_MS = 24 * 60 * 60 * 1000;
const PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** @param zone IANA name, such as "Europe/Berlin" */
export function dayIn(zone: string, at: Date): Day {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const year = (parts.get("year") ?? "").padStart(4, "0");
  return `${year}-${parts.get("month") ?? "01"}-${parts.get("day") ?? "01"}`;
}

/** The text as a day that exists, else null. */
export function dayOf(text: string | null): Day | null {
  if (text === null || !PATTERN.test(text)) return null;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : null;
}

export function addDays(day: Day, count: number): Day {
  return fromUtc(utcOf(day) + count * DAY_MS);
}

/** How many days later `to` is than `from`. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utcOf(to) - utcOf(from)) / DAY_MS);
}

/** 0 is Monday. */
export function weekdayOf(day: Day): number {
  return (new Date(utcOf(day)).getUTCDay() + 6) % 7;
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

/** The first day of the next month. */
export function nextMonth(day: Day): Day {
  const at = new Date(utcOf(day));
  return fromUtc(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
}

/** Midnight UTC of the day, in Unix milliseconds: for arithmetic and for Intl with timeZone UTC. */
export function utcOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function fromUtc(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}
