import { create } from "@bufbuild/protobuf";
import {
  type RecommendationRequest,
  type RecommendationResponse,
  repeated_stringSchema,
} from "@segue/contracts/music";
import { isRecommendedTo, trendingKeysOf } from "@segue/statistics";
import type { Answer } from "./answer.ts";
import { inTurns } from "./in-turns.ts";

/** RecommendationService.Recommend: what trends, and for each user what of it is new. */
export async function recommend(
  { playCounts, userStats }: RecommendationRequest,
  signal: AbortSignal,
): Promise<Answer<RecommendationResponse>> {
  const counts = playCounts?.playCounts ?? {};
  const trendingSongs = trendingKeysOf(Object.keys(counts), Object.values(counts));
  const recommendations = new Map<string, ReturnType<typeof valuesOf>>();
  for await (const { slice } of inTurns(userStats?.userStats ?? [], signal)) {
    for (const { userId, topArtist } of slice) {
      recommendations.set(userId, valuesOf(trendingSongs, topArtist));
    }
  }
  return { trendingSongs, recommendations: Object.fromEntries(recommendations) };
}

function valuesOf(trendingSongs: readonly string[], topArtist: string) {
  const values = trendingSongs.filter((key) => isRecommendedTo(topArtist, key));
  return create(repeated_stringSchema, { values });
}
