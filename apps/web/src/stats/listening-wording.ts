/** Numbers, spans and days of the statistics in words. */
import { LISTENER_DEFAULT } from "../plays/listener-name.ts";
import { type Day, utcOf } from "./day.ts";
import type { Focus } from "./focus.ts";
import type { DayRange, Period } from "./period.ts";

const COUNT = new Intl.NumberFormat("en");
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const DAY_OF_YEAR = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
});
const WEEKDAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const MONTH = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  month: "short",
  year: "numeric",
});

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

/** From here on minutes say nothing. */
const HOURS_ALONE = 100;

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** "1 play", "2,104 plays". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Listening time: "45 s", "12 min", "3 h 12 min", "1,204 h". */
export function formatListening(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= HOURS_ALONE) return `${formatCount(Math.round(minutes / 60))} h`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** "34 %"; a share that is there but rounds to nothing is "< 1 %". */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  return `${Math.round(share * 100)} %`;
}

/** "What ada plays"; the name that stands for no name is the reader. */
export function statsTitle(user: string | null): string {
  if (user === null) return "What everybody plays";
  return user === LISTENER_DEFAULT ? "What you play" : `What ${user} plays`;
}

/** "Erase all plays of ada". */
export function eraseWords(user: string): string {
  return user === LISTENER_DEFAULT ? "Erase all your plays" : `Erase all plays of ${user}`;
}

/** "ada has not played anything"; said before the period. */
export function unplayedWords(user: string | null): string {
  if (user === null) return "Nobody has played anything";
  return user === LISTENER_DEFAULT
    ? "You have not played anything"
    : `${user} has not played anything`;
}

/** "ada played nothing in 2026". */
export function silentYearWords(user: string | null, year: number): string {
  if (user === null) return `Nobody played anything in ${year}`;
  return `${user === LISTENER_DEFAULT ? "You" : user} played nothing in ${year}`;
}

/** "ada in 2026". */
export function reviewTitle(user: string | null, year: number): string {
  return user === LISTENER_DEFAULT ? `Your ${year}` : `${reviewedName(user)} in ${year}`;
}

/** Whose year it is, as on the picture that is shared. */
export function reviewedName(user: string | null): string {
  if (user === null) return "Everybody";
  return user === LISTENER_DEFAULT ? "My music" : user;
}

export function formatDay(day: Day): string {
  return DAY.format(utcOf(day));
}

/** "Mon, 2 Mar". */
export function formatWeekday(day: Day): string {
  return WEEKDAY.format(utcOf(day));
}

export function formatDayOfYear(day: Day): string {
  return DAY_OF_YEAR.format(utcOf(day));
}

/** "Mar 2026". */
export function formatMonth(day: Day): string {
  return MONTH.format(utcOf(day));
}

/** "2–8 Mar 2026", "1 Mar 2026", "since 1 Jan 2026". */
export function formatDays({ from, to }: DayRange): string {
  if (from === null || to === null) return "all time";
  return from === to
    ? formatDay(from)
    : DAY.formatRange(utcOf(from), utcOf(to)).replace(/\s*–\s*/u, "–");
}

export function formatHour(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** "Mondays, 18:00–19:00". */
export function hourWords(weekday: number, hour: number): string {
  return `${WEEKDAYS[weekday] ?? ""}s, ${formatHour(hour)}–${formatHour((hour + 1) % 24)}`;
}

/** What the lists are narrowed to. */
export function focusWords(focus: Focus): string {
  if (focus.kind === "hour") return hourWords(focus.weekday, focus.hour);
  return focus.name === "" ? "No genre known" : focus.name;
}

/** Said after "Only". */
export function onlyWords(focus: Focus): string {
  const isUnknown = focus.kind === "genre" && focus.name === "";
  return isUnknown ? "songs without a known genre" : focusWords(focus);
}

/** Said where nothing of the focus was played, before the period. */
export function silenceWords(focus: Focus): string {
  switch (focus.kind) {
    case "artist":
      return `Nothing by ${focus.name} was played`;
    case "genre":
      return focus.name === ""
        ? "No song without a known genre was played"
        : `No ${focus.name} was played`;
    case "hour":
      return `Nothing was played on ${hourWords(focus.weekday, focus.hour)}`;
  }
}

/** Said after "Nothing was played", and in headings. */
export function periodWords(period: Period): string {
  switch (period.kind) {
    case "today":
      return "today";
    case "7d":
      return "in the last 7 days";
    case "30d":
      return "in the last 30 days";
    case "year":
      return "this year";
    case "all":
      return "at any time";
    case "custom":
      return period.from === period.to
        ? `on ${formatDay(period.from)}`
        : `in ${formatDays(period)}`;
  }
}

/** By the browser's clock: "2 Mar 2026, 20:15". */
export function formatMoment(atMs: number): string {
  return MOMENT.format(atMs);
}

/** "just now", "4 min ago", "3 h ago", "2 days ago"; older ones and those ahead by their day. */
export function formatAgo(atMs: number, nowMs: number): string {
  const seconds = (nowMs - atMs) / 1000;
  if (seconds < -60) return `on ${DAY.format(atMs)}`;
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${counted(Math.floor(seconds / 86_400), "day")} ago`;
  return `on ${DAY.format(atMs)}`;
}
