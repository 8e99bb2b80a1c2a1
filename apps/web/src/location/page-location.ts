/**
 * The address of the page is its state: the picked songs (`/?songs=a,b`), a stored result
 * (`/r/REQUEST_ID`), the system and one of its processes (`/system/REPLICA`), listening statistics
 * (`/stats?user=ada&period=7d`) or a year of them (`/stats/review/2026?user=ada`). So every state
 * can be reloaded, linked to and gone back to.
 */
import { type Focus, parseFocus, writeFocus } from "../stats/focus.ts";
import { type Period, parsePeriod, writePeriod } from "../stats/period.ts";

export type PageLocation =
  | {
      readonly kind: "picks";
      readonly songIds: readonly string[];
      /** The result that stays in view while its picks are edited; kept in the history entry. */
      readonly after: string | null;
    }
  | { readonly kind: "result"; readonly requestId: string }
  | {
      readonly kind: "system";
      /** The process that is looked at. */
      readonly replica: string | null;
    }
  | StatsLocation
  | ReviewLocation;

export interface StatsLocation {
  readonly kind: "stats";
  /** Whose plays; null: everybody's. */
  readonly user: string | null;
  readonly period: Period;
  readonly focus: Focus | null;
}

export interface ReviewLocation {
  readonly kind: "review";
  /** null: still to be chosen. */
  readonly user: string | null;
  /** null: this year. */
  readonly year: number | null;
}

/** A place of the list, not of the pages beside it. */
export type ListLocation = Extract<PageLocation, { readonly kind: "picks" | "result" }>;

const RESULT_PATH = /^\/r\/([^/]+)\/?$/;
const SYSTEM_PATH = /^\/system(?:\/([^/]*))?\/?$/;
const STATS_PATH = /^\/stats\/?$/;
const REVIEW_PATH = /^\/stats\/review(?:\/(\d{4}))?\/?$/;

/** @param state the history entry's state: anything, as other pages of the origin may set it */
export function parseLocation(pathname: string, search: string, state: unknown): PageLocation {
  const encoded = RESULT_PATH.exec(pathname)?.[1];
  if (encoded !== undefined) return { kind: "result", requestId: decoded(encoded) };
  const system = SYSTEM_PATH.exec(pathname);
  if (system !== null) return { kind: "system", replica: decoded(system[1] ?? "") || null };
  const parameters = new URLSearchParams(search);
  const user = parameters.get("user") || null;
  if (STATS_PATH.test(pathname)) {
    return { kind: "stats", user, period: parsePeriod(parameters), focus: parseFocus(parameters) };
  }
  const review = REVIEW_PATH.exec(pathname);
  if (review !== null) return { kind: "review", user, year: Number(review[1] ?? 0) || null };
  const songIds = (parameters.get("songs") ?? "").split(",").filter((id) => id !== "");
  return { kind: "picks", songIds: [...new Set(songIds)], after: afterOf(state) };
}

export function formatLocation(location: PageLocation): string {
  switch (location.kind) {
    case "result":
      return `/r/${encodeURIComponent(location.requestId)}`;
    case "system":
      return location.replica === null
        ? "/system"
        : `/system/${encodeURIComponent(location.replica)}`;
    case "stats":
      return formatStats(location);
    case "review": {
      const path = location.year === null ? "/stats/review" : `/stats/review/${location.year}`;
      return withParameters(path, userParameters(location.user));
    }
    case "picks":
      if (location.songIds.length === 0) return "/";
      return `/?songs=${location.songIds.map(encodeURIComponent).join(",")}`;
  }
}

function formatStats({ user, period, focus }: StatsLocation): string {
  const parameters = userParameters(user);
  writePeriod(period, parameters);
  writeFocus(focus, parameters);
  return withParameters("/stats", parameters);
}

function userParameters(user: string | null): URLSearchParams {
  return new URLSearchParams(user === null ? {} : { user });
}

function withParameters(path: string, parameters: URLSearchParams): string {
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

function afterOf(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("after" in state)) return null;
  return typeof state.after === "string" ? state.after : null;
}

/** A broken escape is not worth an error: the id will be unknown, which the page can tell. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
