import { AppError } from "@segue/errors";
import type { Analysis } from "./analysis.ts";
import type { AnalyticsService, AnalyticsServices } from "./analytics-service.ts";

/**
 * ANALYTICS_UNAVAILABLE for an answer that cannot be one to so many plays, such as that of a server
 * which says OK to every call and counts nothing.
 */
export function assertAnswersWhole(
  { songs, users, genres, artists, recommendations }: Analysis,
  playCount: number,
  { mapReduce, userBehavior, genreAnalysis, recommendation }: AnalyticsServices,
): void {
  const counted = songs.counts.reduce((sum, count) => sum + count, 0);
  if (counted !== playCount) throw notWhole(mapReduce, `counted ${counted} of ${playCount} plays`);
  const found = `found in ${playCount} plays`;
  if (users.ids.length === 0) throw notWhole(userBehavior, `${found} no listener`);
  if (genres.names.length === 0) throw notWhole(genreAnalysis, `${found} no genre, not even none`);
  if (artists.names.length === 0) throw notWhole(genreAnalysis, `${found} no artist`);
  if (recommendations.trending.length === 0) {
    throw notWhole(recommendation, `${found} no song that trends`);
  }
}

function notWhole({ title, address }: AnalyticsService, what: string): AppError {
  return new AppError(
    "ANALYTICS_UNAVAILABLE",
    `${title} at ${address} ${what}. It does not count as its interface says: call another, or look into its log.`,
    { details: { service: title, address } },
  );
}
