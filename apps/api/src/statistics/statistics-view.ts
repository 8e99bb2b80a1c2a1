/** Figures of a period as the outside world sees them: in seconds, days and hours of a zone. */
import type { Song } from "@segue/domain";
import { AppError } from "@segue/errors";
import {
  ALL_TIME,
  BUCKET_MS,
  type BucketRange,
  COUNTING_RULES,
  type Counts,
  type DayCount,
  type DayRun,
  heatmapOf,
  type Listening,
  lengthOf,
  listeningDays,
  listeningOverTime,
  localDayOf,
  type NameCount,
  type SongCount,
  streakOf,
  type TimeUnit,
  toIsoDay,
  unitFor,
  type ZoneCalendar,
} from "@segue/statistics/live";
import type { z } from "zod";
import type { PartListening } from "../ports.ts";
import type { partSchema, statisticsSchema } from "./statistics-schemas.ts";

export type StatisticsView = z.output<typeof statisticsSchema>;
export type PartView = z.output<typeof partSchema>;
export type PlayedSongView = StatisticsView["topSongs"][number];
export type FiguresView = Omit<
  StatisticsView,
  "user" | "from" | "to" | "timeZone" | "listenerCount" | "topUsers" | "overTime" | "rules"
>;

/** Of listening over time: thirteen years of days. */
const POINTS_MAX = 5_000;
const DAYS_OF_UNIT: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7, month: 30.4 };

export interface ViewedPeriod {
  readonly range: BucketRange;
  readonly calendar: ZoneCalendar;
  readonly nowMs: number;
}

export function toStatisticsView(
  user: string | null,
  listening: Listening,
  period: ViewedPeriod,
  songs: ReadonlyMap<string, Song>,
  unit: TimeUnit | undefined,
): StatisticsView {
  const { range, calendar } = period;
  const days = listeningDays(listening.times, calendar);
  return {
    user,
    ...toRangeView(range),
    timeZone: calendar.timeZone,
    ...toFiguresView(listening, period, songs),
    listenerCount: listening.listenerCount,
    topUsers: listening.topListeners.map(({ name, ...counts }) => ({
      user: name,
      ...toCountsView(counts),
    })),
    overTime: toOverTimeView(days, unit),
    rules: COUNTING_RULES.version,
  };
}

function toOverTimeView(
  days: readonly DayCount[],
  unit: TimeUnit | undefined,
): StatisticsView["overTime"] {
  if (unit !== undefined) assertDrawable(days, unit);
  const shownUnit = unit ?? unitFor(days);
  const points = listeningOverTime(days, shownUnit).map(({ day, ...counts }) => ({
    from: toIsoDay(day),
    ...toCountsView(counts),
  }));
  return { unit: shownUnit, points };
}

/** One play of a wrong year would make an answer of megabytes. */
function assertDrawable(days: readonly DayCount[], unit: TimeUnit): void {
  const [first, last] = [days[0]?.day ?? 0, days.at(-1)?.day ?? 0];
  const points = Math.ceil((last - first + 1) / DAYS_OF_UNIT[unit]);
  if (points <= POINTS_MAX) return;
  throw new AppError(
    "REQUEST_INVALID",
    `Listening from ${toIsoDay(first)} to ${toIsoDay(last)} by ${unit} would be about ${points} points, and ${POINTS_MAX} are the most; ask for a longer unit, or for a part of the time with from and to`,
  );
}

export function toFiguresView(
  listening: Listening,
  { range, calendar, nowMs }: ViewedPeriod,
  songs: ReadonlyMap<string, Song>,
): FiguresView {
  const days = listeningDays(listening.times, calendar).map(({ day }) => day);
  const lastMs = Math.min(nowMs, range.toBucket * BUCKET_MS - 1);
  const { current, longest } = streakOf(days, localDayOf(calendar, lastMs));
  const { sessions } = listening;
  return {
    ...toCountsView(listening),
    songCount: listening.songCount,
    artistCount: listening.artistCount,
    daysActive: days.length,
    firstPlay: timeView(listening.firstPlayAtMs),
    lastPlay: timeView(listening.lastPlayAtMs),
    topSongs: listening.topSongs.map((song) => toPlayedSongView(song, songs)),
    topArtists: listening.topArtists.map(toPlayedArtistView),
    topGenres: toGenreViews(listening),
    heatmap: toHeatmapView(listening.times, calendar),
    streak: {
      current: lengthOf(current),
      longest: lengthOf(longest),
      currentDays: runView(current),
      longestDays: runView(longest),
    },
    sessions: {
      count: sessions.count,
      longestSeconds: sessions.longestSeconds,
      averageSeconds: sessions.count === 0 ? 0 : sessions.totalSeconds / sessions.count,
    },
  };
}

/** Of what was asked for, without what only the whole has. */
export function toPartView(
  user: string | null,
  listening: PartListening,
  { range, calendar }: Pick<ViewedPeriod, "range" | "calendar">,
  songs: ReadonlyMap<string, Song>,
  unit: TimeUnit | undefined,
): PartView {
  const { times } = listening;
  const days = times === null ? null : listeningDays(times, calendar);
  return {
    user,
    ...toRangeView(range),
    timeZone: calendar.timeZone,
    ...toCountsView(listening),
    songCount: listening.songCount,
    artistCount: listening.artistCount,
    topSongs: listening.topSongs.map((song) => toPlayedSongView(song, songs)),
    topArtists: listening.topArtists.map(toPlayedArtistView),
    topGenres: toGenreViews(listening),
    daysActive: days?.length ?? null,
    heatmap: times === null ? null : toHeatmapView(times, calendar),
    overTime: days === null ? null : toOverTimeView(days, unit),
    rules: COUNTING_RULES.version,
  };
}

function toHeatmapView(times: Listening["times"], calendar: ZoneCalendar): number[][] {
  return heatmapOf(times, calendar).map((hours) => [...hours]);
}

function toGenreViews({ topGenres, plays: all }: Pick<Listening, "topGenres" | "plays">) {
  return topGenres.map(({ name, plays, heardMs }) => ({
    genre: name === "" ? null : name,
    ...toCountsView({ plays, heardMs }),
    share: plays / all,
  }));
}

/** The catalogue's facts where it has the song, and the names under which it was heard otherwise. */
export function toPlayedSongView(
  { songId, title, artist, plays, heardMs }: SongCount,
  songs: ReadonlyMap<string, Song>,
): PlayedSongView {
  const song = songId === null ? undefined : songs.get(songId);
  return {
    id: songId,
    title,
    artist,
    album: song?.album ?? null,
    year: song?.year ?? null,
    genre: song?.genre ?? null,
    seconds: song?.seconds ?? null,
    plays,
    listenedSeconds: heardMs / 1_000,
  };
}

export function toPlayedArtistView({ name, ...counts }: NameCount) {
  return { artist: name, ...toCountsView(counts) };
}

export function toCountsView({ plays, heardMs }: Counts): { plays: number; seconds: number } {
  return { plays, seconds: heardMs / 1_000 };
}

function toRangeView({ fromBucket, toBucket }: BucketRange) {
  return {
    from: edgeView(fromBucket, ALL_TIME.fromBucket),
    to: edgeView(toBucket, ALL_TIME.toBucket),
  };
}

function edgeView(bucket: number, edge: number): string | null {
  return bucket === edge ? null : new Date(bucket * BUCKET_MS).toISOString();
}

function timeView(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

function runView(run: DayRun | undefined) {
  return run === undefined ? null : { from: toIsoDay(run.firstDay), to: toIsoDay(run.lastDay) };
}
