/** The shapes of requests and answers: validation, types and OpenAPI from one source. */
import { LIMIT_DEFAULT, LIMIT_MAX, SONGS_MAX, SONGS_PER_ARTIST_DEFAULT } from "@segue/domain";
import { z } from "zod";
import {
  NAME_LENGTH_MAX,
  SECONDS_MAX,
  SONG_ID_LENGTH_MAX,
  TITLE_LENGTH_MAX,
} from "../plays/play-limits.ts";

/** Text that can go into a database, a message and a log: no NUL, no half of a surrogate pair. */
const cleanText = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !text.includes("\0"), {
      error: "must be well-formed Unicode without NUL",
    });

const SONG_EXAMPLE = {
  id: "s-1x7",
  title: "Dancing Queen",
  artist: "ABBA",
  album: "Arrival",
  year: 1976,
  genre: "Pop",
  seconds: 231,
};

export const songIdSchema = cleanText(SONG_ID_LENGTH_MAX).meta({ examples: [SONG_EXAMPLE.id] });
export const userSchema = cleanText(NAME_LENGTH_MAX).meta({ examples: ["ada"] });
export const playKeySchema = cleanText(NAME_LENGTH_MAX).meta({
  examples: ["2026-03-01T20:15:00Z/1"],
});
export const limitSchema = z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT);

const songFields = {
  id: z.string(),
  title: z.string(),
  artist: z.string(),
  album: z.string().nullable(),
  year: z.int().nullable(),
  genre: z.string().nullable(),
  seconds: z.number().nullable(),
};
export const songSchema = z.object(songFields).meta({ id: "Song", examples: [SONG_EXAMPLE] });
export const songsSchema = z.object({ songs: z.array(songSchema) }).meta({ id: "Songs" });

const pickedSongsSchema = z
  .array(songIdSchema)
  .max(SONGS_MAX)
  .meta({
    description: "Ids from the search; at least five distinct ones",
    examples: [["s-1x7", "s-2k9", "s-3aa", "s-4b0", "s-5zz"]],
  });
export const verifySchema = z.object({ songs: pickedSongsSchema }).meta({ id: "SongsToVerify" });
export const questionSchema = z
  .object({
    songs: pickedSongsSchema,
    limit: z.int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
    user: userSchema.nullish().meta({ description: "Whose last plays come before the picks" }),
    songsPerArtistMax: z.int().min(1).max(10).default(SONGS_PER_ARTIST_DEFAULT),
  })
  .meta({ id: "Question" });

export const hopSchema = z
  .object({
    role: z.string().meta({ examples: ["compute"] }),
    stage: z.int().optional(),
    layers: z
      .string()
      .optional()
      .meta({ examples: ["3-4"] }),
    shard: z.int().optional(),
    replica: z.string(),
    queueMs: z.number(),
    computeMs: z.number(),
    startedAt: z.iso.datetime(),
    attempt: z.int().optional(),
  })
  .meta({ id: "Hop" });
export const receiptSchema = z
  .object({
    requestId: z.string(),
    modelVersion: z.string(),
    level: z.enum(["full", "neighbours", "trending"]),
    reason: z
      .string()
      .optional()
      .meta({ description: "Why the level is not full, or what a full answer did without" }),
    attempts: z.int(),
    totalMs: z.number(),
    hops: z.array(hopSchema),
    createdAt: z.iso.datetime(),
    songs: z.array(z.string()).meta({ description: "The picked songs" }),
    history: z.array(z.string()).meta({ description: "The user's plays that came before them" }),
    user: z.string().optional(),
    limit: z.int(),
    songsPerArtistMax: z.int(),
  })
  .meta({ id: "Receipt" });
const BECAUSE =
  "Songs of the input without which the score falls, by their share of that; empty where no single song mattered";
const scoreSchema = z.number().meta({
  description:
    "Higher is better. At full service the natural logarithm of the probability that the song comes next; otherwise the votes or plays that it is ranked by",
});
const reasonSchema = z.object({ id: z.string(), weight: z.number().min(0).max(1) });
export const rankedSongSchema = z
  .object({
    ...songFields,
    score: scoreSchema,
    because: z.array(reasonSchema).meta({ description: BECAUSE }),
  })
  .meta({ id: "RankedSong" });
export const continuationSchema = z
  .object({ requestId: z.string(), songs: z.array(rankedSongSchema), receipt: receiptSchema })
  .meta({ id: "Continuation" });
export const storedContinuationSchema = z
  .object({
    receipt: receiptSchema,
    songs: z.array(rankedSongSchema),
    replay: receiptSchema
      .optional()
      .meta({ description: "With replay=true: the receipt of the recomputation" }),
  })
  .meta({ id: "StoredContinuation" });

export const playSchema = z
  .object({
    key: playKeySchema,
    user: userSchema,
    songId: songIdSchema.optional(),
    title: cleanText(TITLE_LENGTH_MAX).optional(),
    artist: cleanText(TITLE_LENGTH_MAX).optional(),
    playedAt: z.iso.datetime({ offset: true }).meta({
      description: "Start of the play, RFC 3339: from 1900-01-01 (UTC) to a day ahead",
      examples: ["2026-03-01T20:15:00Z"],
    }),
    seconds: z.number().min(0).max(SECONDS_MAX).meta({ description: "How long it was heard" }),
  })
  .refine(
    ({ songId, title, artist }) =>
      songId !== undefined || (title !== undefined && artist !== undefined),
    {
      error: "needs songId, or title and artist",
    },
  )
  .meta({ id: "Play" });
export const lastPlaysSchema = z
  .object({
    user: z.string(),
    plays: z
      .array(
        z.object({
          key: z.string().meta({ description: "By which it is edited and taken back" }),
          songId: z.string().nullable().meta({ description: "null: not in the catalogue" }),
          title: z.string(),
          artist: z.string(),
          genre: z.string().nullable(),
          playedAt: z.iso.datetime().meta({ description: "Start of the play" }),
          seconds: z.number().nullable().meta({ description: "How long it was heard" }),
        }),
      )
      .meta({ description: "The newest first" }),
  })
  .meta({ id: "LastPlays" });
export const playsSchema = z
  .object({ plays: z.array(playSchema).min(1).max(1_000) })
  .meta({ id: "Plays" });
export const acceptedSchema = z.object({ accepted: z.int() }).meta({ id: "Accepted" });

export const erasureAcceptedSchema = z
  .object({ erased: z.string().meta({ description: "The user" }) })
  .meta({ id: "ErasureAccepted" });

export const trendingSchema = z
  .object({ songs: z.array(z.object({ ...songFields, plays: z.number() })) })
  .meta({ id: "Trending" });

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: "A code of /docs/errors" }),
    missing: z.int().optional().meta({ description: "How many songs are missing" }),
    unknown: z.array(z.string()).optional().meta({ description: "Ids that the catalogue lacks" }),
  })
  .meta({
    id: "Problem",
    examples: [
      {
        type: "/docs/errors#TOO_FEW_SONGS",
        title: "Too few songs",
        status: 400,
        detail: "3 distinct songs are too few; add 2 more",
        code: "TOO_FEW_SONGS",
        missing: 2,
      },
    ],
  });
