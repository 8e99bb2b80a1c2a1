/** Statistics as React hooks. Kept up to date by use-statistics-events.ts. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import {
  parseLastPlays,
  parseListeners,
  parsePart,
  parseStatistics,
  parseYearReview,
} from "../api/stats-wire.ts";
import { type Focus, writeFocus } from "./focus.ts";
import { type DayRange, unitOf } from "./period.ts";

/** The first part of every key: what a play may change. */
export const STATISTICS_KEY = "statistics";
/** As many as the API gives. */
const TOP_LENGTH = 100;
const LISTENERS_SHOWN = 50;
const LAST_PLAYS = 50;

/** The browser's zone: days and hours are those of the person who looks. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param pollMs null where events tell of changes */
export function useStatistics(user: string | null, range: DayRange, pollMs: number | null) {
  const path = `${statisticsPath(user)}?${periodParameters(range).toString()}`;
  return useQuery({
    queryKey: [STATISTICS_KEY, path],
    queryFn: ({ signal }) => request(path, parseStatistics, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollMs ?? false,
    refetchOnWindowFocus: "always",
  });
}

/** What of the same was of the focus; asks nothing without one. */
export function useListeningPart(
  user: string | null,
  range: DayRange,
  focus: Focus | null,
  pollMs: number | null,
) {
  const parameters = periodParameters(range);
  writeFocus(focus, parameters);
  const path = `${statisticsPath(user)}/part?${parameters.toString()}`;
  return useQuery({
    queryKey: [STATISTICS_KEY, path],
    queryFn: ({ signal }) => request(path, parsePart, { signal }),
    enabled: focus !== null,
    placeholderData: keepPreviousData,
    refetchInterval: pollMs ?? false,
    refetchOnWindowFocus: "always",
  });
}

function periodParameters({ from, to }: DayRange): URLSearchParams {
  const parameters = new URLSearchParams({ tz: TIME_ZONE, limit: String(TOP_LENGTH) });
  if (from !== null) parameters.set("from", from);
  if (to !== null) parameters.set("to", to);
  const unit = unitOf({ from, to });
  if (unit !== null) parameters.set("unit", unit);
  return parameters;
}

export function useYearReview(user: string | null, year: number, pollMs: number | null) {
  const path = `${reviewPath(user)}/${year}?tz=${encodeURIComponent(TIME_ZONE)}`;
  return useQuery({
    queryKey: [STATISTICS_KEY, path],
    queryFn: ({ signal }) => request(path, parseYearReview, { signal }),
    refetchInterval: pollMs ?? false,
    refetchOnWindowFocus: "always",
  });
}

/** The newest first. */
export function useLastPlays(user: string, pollMs: number | null) {
  const path = `/v1/users/${encodeURIComponent(user)}/plays?limit=${LAST_PLAYS}`;
  return useQuery({
    queryKey: [STATISTICS_KEY, path],
    queryFn: ({ signal }) => request(path, parseLastPlays, { signal }),
    refetchInterval: pollMs ?? false,
    refetchOnWindowFocus: "always",
  });
}

/** @param search how the name begins; "" for those with most plays */
export function useListeners(search: string) {
  const path = `/v1/users?limit=${LISTENERS_SHOWN}&q=${encodeURIComponent(search)}`;
  return useQuery({
    queryKey: [STATISTICS_KEY, path],
    queryFn: ({ signal }) => request(path, parseListeners, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Without a user, everybody's. */
function statisticsPath(user: string | null): string {
  return user === null ? "/v1/stats" : `/v1/users/${encodeURIComponent(user)}/stats`;
}

function reviewPath(user: string | null): string {
  return user === null ? "/v1/stats/review" : `/v1/users/${encodeURIComponent(user)}/review`;
}
