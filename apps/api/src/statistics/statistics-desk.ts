/** Puts questions about listening to the database and its answers into words of a time zone. */
import type { Song } from "@segue/domain";
import { AppError } from "@segue/errors";
import {
  ALL_TIME,
  type BucketRange,
  COUNTING_RULES,
  type Counts,
  type Listening,
  listeningDays,
  localHourOf,
  parsePeriod,
  type SongCount,
  type TimeUnit,
  toIsoDay,
  yearPeriod,
  type ZoneCalendar,
  zoneCalendarFor,
} from "@segue/statistics/live";
import type { z } from "zod";
import type { ListeningArchive, SongCatalogue } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import { type reviewSchema, WEEKDAYS } from "./statistics-schemas.ts";
import {
  type PartView,
  type StatisticsView,
  toCountsView,
  toFiguresView,
  toPartView,
  toPlayedArtistView,
  toPlayedSongView,
  toStatisticsView,
} from "./statistics-view.ts";

export interface StatisticsDeskOptions {
  readonly listening: Pick<
    ListeningArchive,
    "readListening" | "readPart" | "firstSong" | "listenerRevision"
  >;
  /** For showing: what it lacks is left out. */
  readonly songs: Pick<SongCatalogue, "songsByIds">;
  readonly access: Pick<StoreAccess, "need">;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export interface StatisticsQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly tz: string;
  readonly limit: number;
  readonly unit?: TimeUnit | undefined;
}

export interface PartQuestion extends StatisticsQuestion {
  readonly artist?: string | undefined;
  readonly genre?: string | undefined;
  readonly weekday?: (typeof WEEKDAYS)[number] | undefined;
  readonly hour?: number | undefined;
}

type ReviewView = z.output<typeof reviewSchema>;

const REVIEW_TOP = 10;
const MONTHS = 12;
const REVIEW_TRIES = 4;

interface YearReading {
  readonly listening: Listening;
  readonly months: readonly Listening[];
  readonly previous: Listening;
  /** The song of the user's first play; at most one. */
  readonly first: readonly SongCount[];
  readonly newArtistCount: number;
}

export class StatisticsDesk {
  readonly #options: StatisticsDeskOptions;

  constructor(options: StatisticsDeskOptions) {
    this.#options = options;
  }

  /** Null: everybody's. REQUEST_INVALID for a wrong zone or period. */
  async statistics(user: string | null, question: StatisticsQuestion): Promise<StatisticsView> {
    const calendar = zoneCalendarFor(question.tz);
    const range = parsePeriod(question, calendar);
    const listening = await this.#read(user, range, question.limit);
    const songs = await this.#songsOf(listening.topSongs);
    const period = { range, calendar, nowMs: this.#options.now() };
    return toStatisticsView(user, listening, period, songs, question.unit);
  }

  /** What of it was of one artist or genre, or at one hour of the week; REQUEST_INVALID without any. */
  async part(user: string | null, question: PartQuestion): Promise<PartView> {
    const { artist, genre, weekday, hour, limit, tz, unit } = question;
    const hasHours = weekday !== undefined || hour !== undefined;
    if (artist === undefined && genre === undefined && !hasHours) {
      const detail = "Say which part: by artist, genre, weekday or hour; /v1/stats has the whole";
      throw new AppError("REQUEST_INVALID", detail);
    }
    const calendar = zoneCalendarFor(tz);
    const range = parsePeriod(question, calendar);
    const { listening, access } = this.#options;
    const ofUser = user === null ? {} : { user };
    const read = await access.need(() =>
      listening.readPart(
        { range, limit, ...ofUser },
        {
          ...(artist === undefined ? {} : { artist }),
          ...(genre === undefined ? {} : { genre }),
          ...(hasHours ? { includes: (bucket) => isAt(bucket, question, calendar) } : {}),
        },
      ),
    );
    const songs = await this.#songsOf(read.topSongs);
    return toPartView(user, read, { range, calendar }, songs, unit);
  }

  /** A year in the zone; null: everybody's. */
  async review(user: string | null, year: number, tz: string): Promise<ReviewView> {
    const calendar = zoneCalendarFor(tz);
    const range = yearPeriod(year, calendar);
    const reading = await this.#readYear(user, year, calendar);
    const { listening, months, previous, first, newArtistCount } = reading;
    const tops = months.flatMap(({ topSongs }) => topSongs);
    const songs = await this.#songsOf([...listening.topSongs, ...tops, ...first]);
    const figures = toFiguresView(
      listening,
      { range, calendar, nowMs: this.#options.now() },
      songs,
    );
    // Of the year's own reading, so that the months sum to it whatever comes in meanwhile.
    const counts = monthCounts(listening, calendar);
    return {
      user,
      year,
      timeZone: calendar.timeZone,
      ...figures,
      months: counts.map((count, index) => {
        const song = count.plays === 0 ? undefined : months[index]?.topSongs[0];
        const artist = count.plays === 0 ? undefined : months[index]?.topArtists[0];
        return {
          month: index + 1,
          ...toCountsView(count),
          topSong: song === undefined ? null : toPlayedSongView(song, songs),
          topArtist: artist === undefined ? null : toPlayedArtistView(artist),
        };
      }),
      busiestDay: busiestDay(listening, calendar),
      busiestHour: busiestHour(figures.heatmap),
      newArtistCount,
      firstSong: first.map((song) => toPlayedSongView(song, songs))[0] ?? null,
      previousYear: previous.plays === 0 ? null : toCountsView(previous),
      rules: COUNTING_RULES.version,
    };
  }

  /** Asks again when the user's plays changed in between; everybody's always do. */
  async #readYear(user: string | null, year: number, calendar: ZoneCalendar): Promise<YearReading> {
    const { listening, access } = this.#options;
    if (user === null) return this.#readYearOnce(user, year, calendar);
    const revision = () => access.need(() => listening.listenerRevision(user));
    for (let tries = 1; ; tries += 1) {
      const before = await revision();
      const reading = await this.#readYearOnce(user, year, calendar);
      if (tries === REVIEW_TRIES || (await revision()) === before) return reading;
    }
  }

  async #readYearOnce(
    user: string | null,
    year: number,
    calendar: ZoneCalendar,
  ): Promise<YearReading> {
    const range = yearPeriod(year, calendar);
    return {
      listening: await this.#read(user, range, REVIEW_TOP),
      months: await Promise.all(
        Array.from({ length: MONTHS }, (_, index) =>
          this.#read(user, monthRange(year, index, calendar), 1),
        ),
      ),
      previous: await this.#read(user, yearPeriod(year - 1, calendar), 1),
      first: await this.#firstSong(user, range),
      newArtistCount: await this.#newArtistCount(user, range),
    };
  }

  #read(user: string | null, range: BucketRange, limit: number): Promise<Listening> {
    const { listening, access } = this.#options;
    const question = { range, limit, ...(user === null ? {} : { user }) };
    return access.need(() => listening.readListening(question));
  }

  /** The song of the user's first play in the period, with its plays in the period; at most one. */
  async #firstSong(user: string | null, range: BucketRange): Promise<readonly SongCount[]> {
    const { listening, access } = this.#options;
    if (user === null) return [];
    const first = await access.need(() => listening.firstSong(user, range));
    return first === undefined ? [] : [first];
  }

  async #newArtistCount(user: string | null, range: BucketRange): Promise<number> {
    const before = { fromBucket: ALL_TIME.fromBucket, toBucket: range.fromBucket };
    const known = await this.#read(user, before, Number.MAX_SAFE_INTEGER);
    const heard = await this.#read(user, range, Number.MAX_SAFE_INTEGER);
    const names = new Set(known.topArtists.map(({ name }) => name));
    return heard.topArtists.filter(({ name }) => !names.has(name)).length;
  }

  #songsOf(counts: readonly SongCount[]): Promise<ReadonlyMap<string, Song>> {
    return this.#options.songs.songsByIds(counts.flatMap(({ songId }) => songId ?? []));
  }
}

function isAt(
  bucket: number,
  { weekday, hour }: Pick<PartQuestion, "weekday" | "hour">,
  calendar: ZoneCalendar,
): boolean {
  const local = localHourOf(bucket, calendar);
  const isDay = weekday === undefined || WEEKDAYS[local.weekday] === weekday;
  return isDay && (hour === undefined || local.hour === hour);
}

function monthRange(year: number, index: number, calendar: ZoneCalendar): BucketRange {
  const dayOf = (day: Date) => day.toISOString().slice(0, "2026-03-01".length);
  const from = dayOf(new Date(Date.UTC(year, index, 1)));
  const to = dayOf(new Date(Date.UTC(year, index + 1, 0)));
  return parsePeriod({ from, to }, calendar);
}

/** January first. */
function monthCounts(listening: Listening, calendar: ZoneCalendar): readonly Counts[] {
  const counts = Array.from({ length: MONTHS }, () => ({ plays: 0, heardMs: 0 }));
  for (const { day, plays, heardMs } of listeningDays(listening.times, calendar)) {
    const month = counts[Number(toIsoDay(day).slice("2026-".length, "2026-03".length)) - 1];
    if (month === undefined) continue;
    month.plays += plays;
    month.heardMs += heardMs;
  }
  return counts;
}

function busiestDay(listening: Listening, calendar: ZoneCalendar): ReviewView["busiestDay"] {
  const [busiest] = listeningDays(listening.times, calendar).toSorted(
    (left, right) => right.heardMs - left.heardMs || right.plays - left.plays,
  );
  if (busiest === undefined) return null;
  return { day: toIsoDay(busiest.day), ...toCountsView(busiest) };
}

function busiestHour(heatmap: readonly (readonly number[])[]): number | null {
  const plays = Array.from({ length: 24 }, (_, hour) =>
    heatmap.reduce((sum, hours) => sum + (hours[hour] ?? 0), 0),
  );
  const most = Math.max(...plays);
  return most === 0 ? null : plays.indexOf(most);
}
