/** What the calls about statistics ask and answer; docs/reference/statistics.md defines each figure. */
import { z } from "zod";
import { userSchema } from "../http/wire-schemas.ts";

const TOP_DEFAULT = 20;
const TOP_MAX = 100;

const instantSchema = z.iso.datetime();
const daySchema = z.iso.date().meta({ examples: ["2026-03-01"] });
const playsSchema = z.int().min(0);
const secondsSchema = z.number().min(0).meta({ description: "Listening time in seconds" });

const timeZoneSchema = z
  .string()
  .min(1)
  .max(100)
  // Only a name knows when clocks change.
  .refine((name) => !/^[+-]/.test(name), {
    error: "must be an IANA name, such as Europe/Berlin, and no offset",
  })
  .default("UTC")
  .meta({
    description: "IANA name of the zone whose days and hours are meant",
    examples: ["Europe/Berlin"],
  });
/** A date means the start of that day in the zone; `to` as a date includes that day. */
const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

export const statisticsQuerySchema = z.object({
  from: momentSchema.optional().meta({
    description:
      "RFC 3339 time or date, included; times count from their 15 minutes on. Default: the first play",
    examples: ["2026-01-01"],
  }),
  to: momentSchema.optional().meta({
    description: "RFC 3339 time, excluded, or date, included. Default: no end",
    examples: ["2026-12-31"],
  }),
  tz: timeZoneSchema,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(TOP_MAX)
    .default(TOP_DEFAULT)
    .meta({ description: "Entries of each top list" }),
  unit: z.enum(["day", "week", "month"]).optional().meta({
    description:
      "Of listening over time, at most 5,000 points. Default: day up to 92 days, week up to two years, month",
  }),
});
/** In the order of the heatmap. */
export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

export const partQuerySchema = statisticsQuerySchema.extend({
  artist: z
    .string()
    .max(1_000)
    .optional()
    .meta({
      description: "Only songs by this artist, as `topArtists` spells the name",
      examples: ["Nina Simone"],
    }),
  genre: z
    .string()
    .max(200)
    .optional()
    .meta({
      description: "Only songs of this genre; empty: songs without a known genre",
      examples: ["soul"],
    }),
  weekday: z.enum(WEEKDAYS).optional().meta({ description: "Only plays of this day of the zone" }),
  hour: z.coerce.number().int().min(0).max(23).optional().meta({
    description: "Only plays that start in this hour of the day, as the heatmap counts them",
  }),
});
export const reviewQuerySchema = z.object({ tz: timeZoneSchema });
export const yearSchema = z.coerce.number().int().min(1970).max(9998);
export const usersQuerySchema = z.object({
  q: z.string().max(200).optional().meta({ description: "How the name begins, letter by letter" }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const eventsQuerySchema = z.object({
  user: userSchema.optional().meta({ description: "Only what changes this user's statistics" }),
});

const counts = { plays: playsSchema, seconds: secondsSchema };

const playedSongSchema = z
  .object({
    id: z.string().nullable().meta({ description: "null: not in the catalogue" }),
    title: z.string(),
    artist: z.string(),
    album: z.string().nullable(),
    year: z.int().nullable(),
    genre: z.string().nullable(),
    seconds: z.number().nullable().meta({ description: "How long the song is" }),
    plays: playsSchema,
    listenedSeconds: secondsSchema,
  })
  .meta({ id: "PlayedSong" });
const playedArtistSchema = z.object({ artist: z.string(), ...counts }).meta({ id: "PlayedArtist" });
const playedGenreSchema = z
  .object({
    genre: z.string().nullable().meta({ description: "null: songs without a known genre" }),
    ...counts,
    share: z.number().min(0).max(1).meta({ description: "Of all plays of the period" }),
  })
  .meta({ id: "PlayedGenre" });
const listenerSchema = z.object({ user: z.string(), ...counts }).meta({ id: "Listener" });

const heatmapSchema = z
  .array(z.array(playsSchema).length(24))
  .length(7)
  .meta({ description: "Plays by weekday, Monday first, and hour of the day, in the zone" });
const runSchema = z
  .object({ from: daySchema, to: daySchema })
  .nullable()
  .meta({ description: "First and last day; null without any" });
const streakSchema = z
  .object({
    current: z.int().min(0).meta({
      description:
        "Days in a row with a play, up to the last day of the period or today; a day that is not over does not end it",
    }),
    longest: z.int().min(0),
    currentDays: runSchema,
    longestDays: runSchema,
  })
  .meta({ id: "Streak" });
const overTimeSchema = z
  .object({
    unit: z.enum(["day", "week", "month"]),
    points: z
      .array(
        z.object({
          from: daySchema.meta({ description: "Its first day; weeks begin on Monday" }),
          ...counts,
        }),
      )
      .meta({ description: "Without gaps, from the first play to the last" }),
  })
  .meta({ id: "ListeningOverTime" });
const sessionsSchema = z
  .object({
    count: z.int().min(0).meta({
      description:
        "That begin in the period; a pause of more than 30 minutes between two starts parts them",
    }),
    longestSeconds: secondsSchema,
    averageSeconds: secondsSchema,
  })
  .meta({ id: "ListeningSessions" });

const figures = {
  ...counts,
  songCount: z.int().min(0).meta({ description: "Different songs" }),
  artistCount: z.int().min(0).meta({ description: "Different artists" }),
  daysActive: z.int().min(0).meta({ description: "Days of the zone with at least one play" }),
  firstPlay: instantSchema
    .nullable()
    .meta({ description: "Start of the first play of the period" }),
  lastPlay: instantSchema.nullable(),
  topSongs: z.array(playedSongSchema),
  topArtists: z.array(playedArtistSchema),
  topGenres: z.array(playedGenreSchema),
  heatmap: heatmapSchema,
  streak: streakSchema,
  sessions: sessionsSchema,
};

export const statisticsSchema = z
  .object({
    user: z.string().nullable().meta({ description: "null: everybody" }),
    from: instantSchema.nullable().meta({ description: "null: from the first play on" }),
    to: instantSchema.nullable().meta({ description: "Excluded; null: no end" }),
    timeZone: z.string(),
    ...figures,
    listenerCount: z.int().min(0).meta({ description: "Different users who played something" }),
    topUsers: z.array(listenerSchema).meta({ description: "Of everybody; empty for one user" }),
    overTime: overTimeSchema,
    rules: z.int().meta({ description: "Version of the counting rules" }),
  })
  .meta({ id: "Statistics" });

/** Which song was played when is looked up day by day, so that everybody's has an end. */
const OF_EVERYBODY =
  "null for an artist or a genre of everybody where all plays of the period are more than a million; ask for less time, or for one user";

export const partSchema = z
  .object({
    user: z.string().nullable().meta({ description: "null: everybody" }),
    from: instantSchema.nullable().meta({ description: "null: from the first play on" }),
    to: instantSchema.nullable().meta({ description: "Excluded; null: no end" }),
    timeZone: z.string(),
    ...counts,
    songCount: figures.songCount,
    artistCount: figures.artistCount,
    topSongs: figures.topSongs,
    topArtists: figures.topArtists,
    topGenres: z
      .array(playedGenreSchema)
      .meta({ description: "`share` is of the plays of the part" }),
    daysActive: figures.daysActive.nullable().meta({
      description: `Days of the zone with at least one play; ${OF_EVERYBODY}`,
    }),
    heatmap: heatmapSchema.nullable().meta({
      description: `Plays by weekday, Monday first, and hour of the day, in the zone; ${OF_EVERYBODY}`,
    }),
    overTime: overTimeSchema.nullable().meta({ description: OF_EVERYBODY }),
    rules: z.int(),
  })
  .meta({ id: "PartOfListening" });

export const reviewSchema = z
  .object({
    user: z.string().nullable().meta({ description: "null: everybody" }),
    year: z.int(),
    timeZone: z.string(),
    ...figures,
    months: z
      .array(
        z.object({
          month: z.int().min(1).max(12),
          ...counts,
          topSong: playedSongSchema.nullable(),
          topArtist: playedArtistSchema.nullable(),
        }),
      )
      .length(12),
    busiestDay: z
      .object({ day: daySchema, ...counts })
      .nullable()
      .meta({
        description: "Most listening time, the first of equal ones",
      }),
    busiestHour: z.int().min(0).max(23).nullable().meta({
      description: "Hour of the day with most plays, the first of equal ones",
    }),
    newArtistCount: z.int().min(0).meta({ description: "Artists never played before the year" }),
    firstSong: playedSongSchema.nullable().meta({
      description: "The user's first song of the year, with its plays in the year",
    }),
    previousYear: z.object(counts).nullable().meta({ description: "null: nothing was played" }),
    rules: z.int(),
  })
  .meta({ id: "YearInReview" });

export const usersSchema = z
  .object({
    users: z
      .array(
        z.object({
          user: z.string(),
          ...counts,
          firstPlay: instantSchema,
          lastPlay: instantSchema,
        }),
      )
      .meta({ description: "Most plays first, ties by name" }),
    total: z.int().min(0).meta({ description: "Users there are, whatever was asked" }),
  })
  .meta({ id: "Users" });
