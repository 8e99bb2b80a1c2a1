/** Puts questions about listening to the database and its answers into words of a time zone. */
import type { Song } from "@segue/domain";
import {
  ALL_TIME,
  type BucketRange,
  COUNTING_RULES,
  type Listening,
  listeningDays,
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
import type { reviewSchema } from "./statistics-schemas.ts";
import {
  type StatisticsView,
  toCountsView,
  toFiguresView,
  toPlayedArtistView,
  toPlayedSongView,
  toStatisticsView,
} from "./statistics-view.ts";

export interface StatisticsDeskOptions {
  readonly listening: ListeningArchive;
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

type ReviewView = z.output<typeof reviewSchema>;

const REVIEW_TOP = 10;
const MONTHS = 12;

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

  /** A user's year in the zone. */
  async review(user: string, year: number, tz: string): Promise<ReviewView> {
    const calendar = zoneCalendarFor(tz);
    const range = yearPeriod(year, calendar);
    const listening = await this.#read(user, range, REVIEW_TOP);
    const months = await Promise.all(
      Array.from({ length: MONTHS }, (_, index) =>
        this.#read(user, monthRange(year, index, calendar), 1),
      ),
    );
    const previous = await this.#read(user, yearPeriod(year - 1, calendar), 1);
    const first = await this.#firstSong(user, range);
    const tops = months.flatMap(({ topSongs }) => topSongs);
    const songs = await this.#songsOf([...listening.topSongs, ...tops, ...first]);
    const figures = toFiguresView(
      listening,
      { range, calendar, nowMs: this.#options.now() },
      songs,
    );
    return {
      user,
      year,
      timeZone: calendar.timeZone,
      ...figures,
      months: months.map((month, index) => {
        const [song] = month.topSongs;
        const [artist] = month.topArtists;
        return {
          month: index + 1,
          ...toCountsView(month),
          topSong: song === undefined ? null : toPlayedSongView(song, songs),
          topArtist: artist === undefined ? null : toPlayedArtistView(artist),
        };
      }),
      busiestDay: busiestDay(listening, calendar),
      busiestHour: busiestHour(figures.heatmap),
      newArtistCount: await this.#newArtistCount(user, range),
      firstSong: first.map((song) => toPlayedSongView(song, songs))[0] ?? null,
      previousYear: previous.plays === 0 ? null : toCountsView(previous),
      rules: COUNTING_RULES.version,
    };
  }

  #read(user: string | null, range: BucketRange, limit: number): Promise<Listening> {
    const { listening, access } = this.#options;
    const question = { range, limit, ...(user === null ? {} : { user }) };
    return access.need(() => listening.readListening(question));
  }

  /** The song of the period's first play, with its plays in the period; at most one. */
  async #firstSong(user: string, range: BucketRange): Promise<readonly SongCount[]> {
    const { listening, access } = this.#options;
    const first = await access.need(() => listening.firstSong(user, range));
    return first === undefined ? [] : [first];
  }

  async #newArtistCount(user: string, range: BucketRange): Promise<number> {
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

function monthRange(year: number, index: number, calendar: ZoneCalendar): BucketRange {
  const dayOf = (day: Date) => day.toISOString().slice(0, "2026-03-01".length);
  const from = dayOf(new Date(Date.UTC(year, index, 1)));
  const to = dayOf(new Date(Date.UTC(year, index + 1, 0)));
  return parsePeriod({ from, to }, calendar);
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
