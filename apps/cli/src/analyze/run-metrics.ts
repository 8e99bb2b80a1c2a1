/** The document of a run: the keys of `run_grpc_metrics.json`, and more beside them. */
import { type Analysis, recommendedTo } from "./analysis.ts";
import type { BadRowsFound } from "./bad-rows.ts";
import type { RunResult } from "./run-analysis.ts";

/** Keys are part of a format that other programs read. */
export interface RunMetrics {
  /** Local time with its zone. */
  readonly timestamp: string;
  readonly workflow: string;
  /** Seconds. */
  readonly performance: {
    /** As each service reports its own work. */
    readonly mapreduce_time: number;
    readonly userbehavior_time: number;
    readonly genre_time: number;
    readonly recommendation_time: number;
    /** From the first call to the last answer; reading and calls overlap. */
    readonly total_workflow_time: number;
    readonly read_time: number;
    readonly mapreduce_round_trip: number;
    readonly userbehavior_round_trip: number;
    readonly genre_round_trip: number;
    readonly recommendation_round_trip: number;
  };
  readonly input: {
    readonly files: readonly string[];
    readonly plays: number;
    readonly bad_rows: BadRowsFound;
    /** 1, and one more for each service that went away under way. */
    readonly times_read: number;
  };
  readonly mapreduce_results: {
    readonly top_songs: Readonly<Record<string, number>>;
    readonly count_keys: number;
  };
  readonly userbehavior_results: {
    readonly users: readonly UserMetrics[];
    readonly top_users: readonly string[];
    readonly num_users: number;
  };
  readonly genre_analysis_results: {
    readonly top_genres: readonly string[];
    readonly genre_counts: Readonly<Record<string, number>>;
    readonly num_genres: number;
  };
  readonly artist_results: {
    /** A list and no object, whose order would not hold for an artist such as "311". */
    readonly top_artists: readonly ArtistMetrics[];
    readonly num_artists: number;
  };
  readonly recommendation_results: {
    readonly trending_songs: readonly string[];
    readonly recommendations: Readonly<Record<string, readonly string[]>>;
    readonly num_trending: number;
  };
}

export interface UserMetrics {
  readonly user_id: string;
  /** Seconds. */
  readonly total_time: number;
  readonly top_artist: string;
}

export interface ArtistMetrics {
  readonly artist: string;
  readonly plays: number;
}

const WORKFLOW = "Client → MapReduce → UserBehavior → Genre Analysis → Recommendation → Client";
const TOP_MAX = 10;

export function runMetricsOf(
  { analysis, playCount, badRows, timesRead, times }: RunResult,
  files: readonly string[],
  at: Date,
): RunMetrics {
  const { songs, users, genres, artists, recommendations } = analysis;
  return {
    timestamp: localTime(at),
    workflow: WORKFLOW,
    performance: {
      mapreduce_time: songs.processingSeconds,
      userbehavior_time: users.processingSeconds,
      genre_time: genres.processingSeconds,
      recommendation_time: recommendations.processingSeconds,
      total_workflow_time: times.totalSeconds,
      read_time: times.readSeconds,
      mapreduce_round_trip: times.roundTripSeconds.mapReduce,
      userbehavior_round_trip: times.roundTripSeconds.userBehavior,
      genre_round_trip: times.roundTripSeconds.genreAnalysis,
      recommendation_round_trip: times.roundTripSeconds.recommendation,
    },
    input: { files, plays: playCount, bad_rows: badRows, times_read: timesRead },
    mapreduce_results: {
      top_songs: Object.fromEntries(mostPlayed(songs)),
      count_keys: songs.keys.length,
    },
    userbehavior_results: {
      users: users.ids.map((user_id, at) => ({
        user_id,
        total_time: users.totalSeconds[at] ?? 0,
        top_artist: users.topArtists[at] ?? "",
      })),
      top_users: users.topUsers,
      num_users: users.ids.length,
    },
    genre_analysis_results: {
      top_genres: genres.names,
      genre_counts: Object.fromEntries(
        genres.names.map((name, at) => [name, genres.counts[at] ?? 0]),
      ),
      num_genres: genres.names.length,
    },
    artist_results: {
      top_artists: artists.names
        .slice(0, TOP_MAX)
        .map((artist, at) => ({ artist, plays: artists.counts[at] ?? 0 })),
      num_artists: artists.names.length,
    },
    recommendation_results: {
      trending_songs: recommendations.trending,
      recommendations: Object.fromEntries(
        recommendations.users.map((id, at) => [id, recommendedTo(recommendations, at)]),
      ),
      num_trending: recommendations.trending.length,
    },
  };
}

/** The service answers with every count; of equal ones the first in its answer comes first. */
function mostPlayed({ keys, counts }: Analysis["songs"]): [string, number][] {
  const top: number[] = [];
  for (let at = 0; at < keys.length; at++) {
    const count = counts[at] ?? 0;
    if (top.length === TOP_MAX && count <= (counts[top[TOP_MAX - 1] ?? 0] ?? 0)) continue;
    const place = top.findIndex((other) => (counts[other] ?? 0) < count);
    top.splice(place === -1 ? top.length : place, 0, at);
    if (top.length > TOP_MAX) top.pop();
  }
  return top.map((at) => [keys[at] ?? "", counts[at] ?? 0]);
}

/** 2026-11-05T10:53:00+01:00 */
export function localTime(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const sign = offset < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  return `${local}${sign}${hours}:${minutes}`;
}
