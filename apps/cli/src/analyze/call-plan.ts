/** Which way each service is called: by stream, or by the unary call where it has no other. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Ranking, Recommendations, SongCounts, UserFigures } from "./analysis.ts";
import type { AnalyticsService, AnalyticsServices } from "./analytics-service.ts";
import { fromAskingError } from "./service-error.ts";
import {
  type CallOptions,
  type PlayCall,
  streamRanking,
  streamRecommendations,
  streamSongCounts,
  streamUserFigures,
} from "./streamed-calls.ts";
import {
  callRanking,
  callRecommendations,
  callSongCounts,
  callUserFigures,
} from "./unary-calls.ts";

export interface CallPlan {
  /** Unary calls carry whole records. */
  readonly needsTimestamps: boolean;
  songCounts(options: CallOptions): PlayCall<SongCounts>;
  userFigures(options: CallOptions): PlayCall<UserFigures>;
  ranking(column: "genres" | "artists", options: CallOptions): PlayCall<Ranking>;
  recommendations(
    songs: SongCounts,
    users: UserFigures,
    options: CallOptions,
  ): Promise<Recommendations>;
}

/**
 * Asks every service for the answer about no plays, so that one that is not there or has only the
 * unary calls is known before a large file is read.
 * @param canStream spares the question
 */
export async function planCalls(
  services: AnalyticsServices,
  options: CallOptions,
  canStream: boolean,
): Promise<CallPlan> {
  const { mapReduce, userBehavior, genreAnalysis, recommendation } = services;
  const nobody = { ids: [], totalSeconds: [], topArtists: [], topUsers: [], processingSeconds: 0 };
  const nothing = { keys: [], counts: [], processingSeconds: 0 };
  const [songs, users, ranking, recommend] = canStream
    ? [true, true, true, true]
    : await Promise.all([
        hasStream(mapReduce, options, emptied(streamSongCounts(mapReduce, options))),
        hasStream(userBehavior, options, emptied(streamUserFigures(userBehavior, options))),
        hasStream(genreAnalysis, options, emptied(streamRanking(genreAnalysis, "genres", options))),
        hasStream(
          recommendation,
          options,
          streamRecommendations(recommendation, nothing, nobody, options),
        ),
      ]);
  return {
    needsTimestamps: !(songs && users && ranking),
    songCounts: (call) => (songs ? streamSongCounts : callSongCounts)(mapReduce, call),
    userFigures: (call) => (users ? streamUserFigures : callUserFigures)(userBehavior, call),
    ranking: (column, call) => (ranking ? streamRanking : callRanking)(genreAnalysis, column, call),
    recommendations: (counts, figures, call) =>
      (recommend ? streamRecommendations : callRecommendations)(
        recommendation,
        counts,
        figures,
        call,
      ),
  };
}

function emptied({ end, answer }: PlayCall<unknown>): Promise<unknown> {
  end();
  return answer;
}

async function hasStream(
  service: AnalyticsService,
  { timeoutMs }: CallOptions,
  asked: Promise<unknown>,
): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (thrown) {
    if (ConnectError.from(thrown).code === Code.Unimplemented) return false;
    throw fromAskingError(thrown, service, timeoutMs);
  }
}
