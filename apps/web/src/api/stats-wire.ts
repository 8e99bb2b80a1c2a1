/** Narrow readers of what the calls about statistics say (see wire.ts). */
import { fieldsOf, listOf, numberOrNull, parseSong, textOf, textOrNull, timeOf } from "./wire.ts";

export interface Listening {
  readonly plays: number;
  readonly seconds: number;
}

export interface PlayedSong {
  /** null: not in the catalogue. */
  readonly id: string | null;
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly year: number | null;
  readonly genre: string | null;
  /** How long the song is. */
  readonly seconds: number | null;
  readonly plays: number;
  readonly listenedSeconds: number;
}

export interface PlayedArtist extends Listening {
  readonly artist: string;
}

export interface PlayedGenre extends Listening {
  /** null: songs without a known genre. */
  readonly genre: string | null;
  /** Of all plays of the period, 0 to 1. */
  readonly share: number;
}

export interface Listener extends Listening {
  readonly user: string;
}

/** First and last day. */
export interface DayRun {
  readonly from: string;
  readonly to: string;
}

export interface Streak {
  /** In days. */
  readonly current: number;
  readonly longest: number;
  readonly currentDays: DayRun | null;
  readonly longestDays: DayRun | null;
}

export interface Sessions {
  readonly count: number;
  readonly longestSeconds: number;
  readonly averageSeconds: number;
}

export type TimeUnit = "day" | "week" | "month";

export interface TimePoint extends Listening {
  /** Its first day. */
  readonly from: string;
}

export interface Figures extends Listening {
  readonly songCount: number;
  readonly artistCount: number;
  readonly daysActive: number;
  /** Unix time in milliseconds. */
  readonly firstPlayMs: number | null;
  readonly lastPlayMs: number | null;
  readonly topSongs: readonly PlayedSong[];
  readonly topArtists: readonly PlayedArtist[];
  readonly topGenres: readonly PlayedGenre[];
  /** Plays by weekday, Monday first, and hour of the day. */
  readonly heatmap: readonly (readonly number[])[];
  readonly streak: Streak;
  readonly sessions: Sessions;
}

export interface Statistics extends Figures {
  readonly user: string | null;
  readonly listenerCount: number;
  readonly topUsers: readonly Listener[];
  readonly overTime: { readonly unit: TimeUnit; readonly points: readonly TimePoint[] };
}

/** Of one artist, genre or hour of the week. */
export interface ListeningPart
  extends Listening,
    Pick<Figures, "songCount" | "artistCount" | "topSongs" | "topArtists" | "topGenres"> {
  /** As the heatmap and the listening over time: null where everybody played too much to tell. */
  readonly daysActive: number | null;
  readonly heatmap: Figures["heatmap"] | null;
  readonly overTime: Statistics["overTime"] | null;
}

export interface MonthReview extends Listening {
  /** 1 to 12. */
  readonly month: number;
  readonly topSong: PlayedSong | null;
  readonly topArtist: PlayedArtist | null;
}

export interface YearReview extends Figures {
  /** null: everybody. */
  readonly user: string | null;
  readonly year: number;
  readonly months: readonly MonthReview[];
  readonly busiestDay: (Listening & { readonly day: string }) | null;
  readonly busiestHour: number | null;
  readonly newArtistCount: number;
  readonly firstSong: PlayedSong | null;
  readonly previousYear: Listening | null;
}

export interface KnownListener extends Listener {
  readonly firstPlayMs: number | null;
  readonly lastPlayMs: number | null;
}

export interface Listeners {
  readonly users: readonly KnownListener[];
  readonly total: number;
}

export interface LastPlay {
  readonly key: string;
  /** null: not in the catalogue. */
  readonly songId: string | null;
  readonly title: string;
  readonly artist: string;
  readonly genre: string | null;
  /** Its start, Unix time in milliseconds. */
  readonly playedAtMs: number;
  readonly seconds: number | null;
}

type Fields = ReturnType<typeof fieldsOf>;

export function parseStatistics(body: unknown): Statistics {
  const fields = fieldsOf(body);
  return {
    ...parseFigures(fields),
    user: textOrNull(fields["user"]),
    listenerCount: countOf(fields, "listenerCount"),
    topUsers: listOf(fields["topUsers"], parseListener),
    overTime: parseOverTime(fields["overTime"]),
  };
}

export function parseYearReview(body: unknown): YearReview {
  const fields = fieldsOf(body);
  const busiestDay = fields["busiestDay"] ?? null;
  const previousYear = fields["previousYear"] ?? null;
  return {
    ...parseFigures(fields),
    user: textOrNull(fields["user"]),
    year: countOf(fields, "year"),
    months: listOf(fields["months"], parseMonth),
    busiestDay:
      busiestDay === null
        ? null
        : { ...listeningOf(fieldsOf(busiestDay)), day: textOf(fieldsOf(busiestDay), "day") },
    busiestHour: numberOrNull(fields["busiestHour"]),
    newArtistCount: countOf(fields, "newArtistCount"),
    firstSong: songOrNull(fields["firstSong"]),
    previousYear: previousYear === null ? null : listeningOf(fieldsOf(previousYear)),
  };
}

export function parseListeners(body: unknown): Listeners {
  const fields = fieldsOf(body);
  return {
    total: countOf(fields, "total"),
    users: listOf(fields["users"], (value) => ({
      ...parseListener(value),
      firstPlayMs: instantOf(fieldsOf(value)["firstPlay"]),
      lastPlayMs: instantOf(fieldsOf(value)["lastPlay"]),
    })),
  };
}

export function parseLastPlays(body: unknown): readonly LastPlay[] {
  return listOf(fieldsOf(body)["plays"], (value) => {
    const fields = fieldsOf(value);
    return {
      key: textOf(fields, "key"),
      songId: textOrNull(fields["songId"]),
      title: textOf(fields, "title"),
      artist: textOf(fields, "artist"),
      genre: textOrNull(fields["genre"]),
      playedAtMs: timeOf(fields["playedAt"]),
      seconds: numberOrNull(fields["seconds"]),
    };
  });
}

function parseFigures(fields: Fields): Figures {
  const sessions = fieldsOf(fields["sessions"]);
  const streak = fieldsOf(fields["streak"]);
  return {
    ...listeningOf(fields),
    songCount: countOf(fields, "songCount"),
    artistCount: countOf(fields, "artistCount"),
    daysActive: countOf(fields, "daysActive"),
    firstPlayMs: instantOf(fields["firstPlay"]),
    lastPlayMs: instantOf(fields["lastPlay"]),
    topSongs: listOf(fields["topSongs"], parsePlayedSong),
    topArtists: listOf(fields["topArtists"], parseArtist),
    topGenres: listOf(fields["topGenres"], parseGenre),
    heatmap: parseHeatmap(fields["heatmap"]),
    streak: {
      current: countOf(streak, "current"),
      longest: countOf(streak, "longest"),
      currentDays: runOf(streak["currentDays"]),
      longestDays: runOf(streak["longestDays"]),
    },
    sessions: {
      count: countOf(sessions, "count"),
      longestSeconds: countOf(sessions, "longestSeconds"),
      averageSeconds: countOf(sessions, "averageSeconds"),
    },
  };
}

export function parsePart(body: unknown): ListeningPart {
  const fields = fieldsOf(body);
  return {
    ...listeningOf(fields),
    songCount: countOf(fields, "songCount"),
    artistCount: countOf(fields, "artistCount"),
    topSongs: listOf(fields["topSongs"], parsePlayedSong),
    topArtists: listOf(fields["topArtists"], parseArtist),
    topGenres: listOf(fields["topGenres"], parseGenre),
    daysActive: numberOrNull(fields["daysActive"]),
    heatmap: orNull(fields["heatmap"], parseHeatmap),
    overTime: orNull(fields["overTime"], parseOverTime),
  };
}

function orNull<T>(value: unknown, parse: (present: unknown) => T): T | null {
  return value === null || value === undefined ? null : parse(value);
}

function parseHeatmap(value: unknown): Figures["heatmap"] {
  return listOf(value, (row) => listOf(row, Number));
}

function parseOverTime(value: unknown): Statistics["overTime"] {
  const fields = fieldsOf(value);
  return { unit: unitOf(fields["unit"]), points: listOf(fields["points"], parsePoint) };
}

function parseGenre(value: unknown): PlayedGenre {
  const fields = fieldsOf(value);
  return {
    ...listeningOf(fields),
    genre: textOrNull(fields["genre"]),
    share: countOf(fields, "share"),
  };
}

function parseMonth(value: unknown): MonthReview {
  const fields = fieldsOf(value);
  const topArtist = fields["topArtist"] ?? null;
  return {
    ...listeningOf(fields),
    month: countOf(fields, "month"),
    topSong: songOrNull(fields["topSong"]),
    topArtist: topArtist === null ? null : parseArtist(topArtist),
  };
}

function parsePlayedSong(value: unknown): PlayedSong {
  const fields = fieldsOf(value);
  return {
    ...parseSong({ ...fields, id: "" }),
    id: textOrNull(fields["id"]),
    plays: countOf(fields, "plays"),
    listenedSeconds: countOf(fields, "listenedSeconds"),
  };
}

function songOrNull(value: unknown): PlayedSong | null {
  return value === null || value === undefined ? null : parsePlayedSong(value);
}

function parseArtist(value: unknown): PlayedArtist {
  const fields = fieldsOf(value);
  return { ...listeningOf(fields), artist: textOf(fields, "artist") };
}

function parseListener(value: unknown): Listener {
  const fields = fieldsOf(value);
  return { ...listeningOf(fields), user: textOf(fields, "user") };
}

function parsePoint(value: unknown): TimePoint {
  const fields = fieldsOf(value);
  return { ...listeningOf(fields), from: textOf(fields, "from") };
}

function listeningOf(fields: Fields): Listening {
  return { plays: countOf(fields, "plays"), seconds: countOf(fields, "seconds") };
}

function runOf(value: unknown): DayRun | null {
  if (value === null || value === undefined) return null;
  return { from: textOf(fieldsOf(value), "from"), to: textOf(fieldsOf(value), "to") };
}

function unitOf(value: unknown): TimeUnit {
  return value === "week" || value === "month" ? value : "day";
}

function instantOf(value: unknown): number | null {
  return typeof value === "string" ? timeOf(value) : null;
}

function countOf(fields: Fields, key: string): number {
  const value = numberOrNull(fields[key]);
  if (value !== null) return value;
  throw new TypeError(`expected a number in "${key}", got ${JSON.stringify(fields[key])}`);
}
