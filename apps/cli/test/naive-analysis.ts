/** The same statistics, written down the plain way: every play an object, every count a Map. */
import type { RunMetrics } from "../src/analyze/run-metrics.ts";
import type { DecodedPlay } from "./decoded-plays.ts";

const TRENDING_MAX = 5;
const TOP_MAX = 10;

type Answers = Pick<
  RunMetrics,
  | "mapreduce_results"
  | "userbehavior_results"
  | "genre_analysis_results"
  | "artist_results"
  | "recommendation_results"
>;

export function naiveAnalysis(plays: readonly DecodedPlay[]): Answers {
  const songs = ranked(plays.map(({ artist, song }) => `${artist} - ${song}`));
  const genres = ranked(plays.map(({ genre }) => genre));
  const artists = ranked(plays.map(({ artist }) => artist));
  const byUser = Map.groupBy(plays, ({ user }) => user);
  const users = [...byUser].map(([user_id, own]) => ({
    user_id,
    total_time: own.reduce((sum, { seconds }) => sum + seconds, 0),
    top_artist: ranked(own.map(({ artist }) => artist))[0]?.[0] ?? "",
  }));
  const trending = songs.slice(0, TRENDING_MAX).map(([key]) => key);
  const recommendedTo = (artist: string) =>
    trending.filter((key) => artist !== "" && key.slice(0, key.lastIndexOf(" - ")) !== artist);
  return {
    mapreduce_results: {
      top_songs: Object.fromEntries(songs.slice(0, TOP_MAX)),
      count_keys: songs.length,
    },
    userbehavior_results: {
      users,
      top_users: users
        .toSorted((left, right) => right.total_time - left.total_time)
        .slice(0, 5)
        .map(({ user_id }) => user_id),
      num_users: users.length,
    },
    genre_analysis_results: {
      top_genres: genres.map(([name]) => name),
      genre_counts: Object.fromEntries(genres),
      num_genres: genres.length,
    },
    artist_results: {
      top_artists: artists.slice(0, TOP_MAX).map(([artist, count]) => ({ artist, plays: count })),
      num_artists: artists.length,
    },
    recommendation_results: {
      trending_songs: trending,
      recommendations: Object.fromEntries(
        users.map(({ user_id, top_artist }) => [user_id, recommendedTo(top_artist)]),
      ),
      num_trending: trending.length,
    },
  };
}

/** Most first; those of one count in order of first appearance, as the sort is stable. */
function ranked(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left);
}
