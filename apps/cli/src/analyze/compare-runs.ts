/** Two runs side by side: how long they took, and where their answers differ. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { z } from "zod";
import { HISTORY_FOLDER, historyRuns } from "./results-folder.ts";

export interface NumberPair {
  readonly name: string;
  /** Undefined where that run does not have it. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface ListPair {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface RunComparison {
  readonly before: string;
  readonly after: string;
  /** Seconds of every time that either run has. */
  readonly performance: readonly NumberPair[];
  readonly isSameAnswer: boolean;
  /** Only what differs. */
  readonly counts: readonly NumberPair[];
  readonly lists: readonly ListPair[];
  /** Users whose figures or recommendations differ, or who are in one run only. */
  readonly usersDiffering: readonly string[];
}

/** A document of the pipeline that this one replaces has the same keys and fewer. */
type AnyRun = z.output<typeof runSchema>;

const number = z.number();
const text = z.string();
const numbers = z.record(text, number);
const texts = z.array(text).readonly();

const runSchema = z.object({
  timestamp: text,
  performance: numbers,
  input: z.object({ plays: number }).optional(),
  mapreduce_results: z.object({ top_songs: numbers, count_keys: number.optional() }),
  userbehavior_results: z.object({
    users: z.array(z.object({ user_id: text, total_time: number, top_artist: text })).readonly(),
    top_users: texts,
  }),
  genre_analysis_results: z.object({ top_genres: texts, genre_counts: numbers }),
  artist_results: z
    .object({ top_artists: z.array(z.object({ artist: text, plays: number })).readonly() })
    .optional(),
  recommendation_results: z.object({
    trending_songs: texts,
    recommendations: z.record(text, texts),
  }),
});

/**
 * @param name a file, or a run in the history: its name, its beginning, or `latest` and `previous`
 */
export function readRun(name: string, resultsDir: string): AnyRun {
  const path = pathOf(name, resultsDir);
  let run: unknown;
  try {
    run = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "REQUEST_INVALID",
      `The run ${name} cannot be read: ${reason}. Give a file, latest, previous or one of ${join(resultsDir, HISTORY_FOLDER)}.`,
      { cause },
    );
  }
  const parsed = runSchema.safeParse(run);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  const place = problem === undefined ? "" : `: ${problem.path.join(".")} ${problem.message}`;
  throw new AppError("REQUEST_INVALID", `${path} is not a document of segue analyze${place}.`);
}

export function compareRuns(before: AnyRun, after: AnyRun): RunComparison {
  const counts = [
    ...numbersOf("", totalsOf(before), totalsOf(after)),
    ...numbersOf("song", before.mapreduce_results.top_songs, after.mapreduce_results.top_songs),
    ...numbersOf(
      "genre",
      before.genre_analysis_results.genre_counts,
      after.genre_analysis_results.genre_counts,
    ),
    ...numbersOf("artist", playsByArtist(before), playsByArtist(after)),
  ].filter((pair) => pair.before !== pair.after);
  const lists = [
    {
      name: "top users",
      before: before.userbehavior_results.top_users,
      after: after.userbehavior_results.top_users,
    },
    {
      name: "trending",
      before: before.recommendation_results.trending_songs,
      after: after.recommendation_results.trending_songs,
    },
    {
      name: "genres by rank",
      before: before.genre_analysis_results.top_genres,
      after: after.genre_analysis_results.top_genres,
    },
  ].filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after));
  const usersDiffering = usersThatDiffer(before, after);
  return {
    before: before.timestamp,
    after: after.timestamp,
    performance: numbersOf("", before.performance, after.performance),
    isSameAnswer: counts.length + lists.length + usersDiffering.length === 0,
    counts,
    lists,
    usersDiffering,
  };
}

function pathOf(name: string, resultsDir: string): string {
  const runs = historyRuns(resultsDir);
  if (name === "") throw new AppError("REQUEST_INVALID", "A run to compare has no name.");
  const inHistory =
    name === "latest"
      ? runs.at(-1)
      : name === "previous"
        ? runs.at(-2)
        : runs.find((run) => run.startsWith(name));
  return inHistory === undefined ? name : join(resultsDir, HISTORY_FOLDER, inHistory);
}

type Numbers = Readonly<Record<string, number>>;

function numbersOf(kind: string, before: Numbers, after: Numbers): NumberPair[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => ({
    name: kind === "" ? name : `${kind} ${name}`,
    before: Object.hasOwn(before, name) ? before[name] : undefined,
    after: Object.hasOwn(after, name) ? after[name] : undefined,
  }));
}

/** Of both kinds of document, what each has. */
function totalsOf({ input, mapreduce_results: { count_keys } }: AnyRun): Numbers {
  return {
    ...(input === undefined ? {} : { plays: input.plays }),
    ...(count_keys === undefined ? {} : { songs: count_keys }),
  };
}

function playsByArtist({ artist_results }: AnyRun): Numbers {
  const artists = artist_results?.top_artists ?? [];
  return Object.fromEntries(artists.map(({ artist, plays }) => [artist, plays]));
}

function usersThatDiffer(before: AnyRun, after: AnyRun): string[] {
  const old = figuresByUser(before);
  const now = figuresByUser(after);
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((id) => old.get(id) !== now.get(id));
}

function figuresByUser({
  userbehavior_results,
  recommendation_results,
}: AnyRun): ReadonlyMap<string, string> {
  const recommended = new Map(Object.entries(recommendation_results.recommendations));
  return new Map(
    userbehavior_results.users.map(({ user_id, total_time, top_artist }) => {
      // The pipeline that this one replaces leaves songs of a tie in any order.
      const songs = (recommended.get(user_id) ?? []).toSorted();
      return [user_id, JSON.stringify([total_time, top_artist, songs])];
    }),
  );
}
