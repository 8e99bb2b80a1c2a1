/** Every service of every port. */
import type { ConnectRouter } from "@connectrpc/connect";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  UserBehaviorService,
} from "@segue/contracts/music";
import type { PairCounting } from "../counting/pair-counter.ts";
import { aggregatePlays } from "../streaming/aggregate-plays.ts";
import { analyzeGenreBatches } from "../streaming/analyze-genre-batches.ts";
import { analyzeUserBatches } from "../streaming/analyze-user-batches.ts";
import { recommendBatches } from "../streaming/recommend-batches.ts";
import { aggregateStream } from "../unary/aggregate-stream.ts";
import { analyzeGenres } from "../unary/analyze-genres.ts";
import { analyzeUsers } from "../unary/analyze-users.ts";
import { recommend } from "../unary/recommend.ts";
import { timed } from "./timed.ts";

export const ANALYTICS_SERVICES = [
  MapReduceService,
  UserBehaviorService,
  RecommendationService,
  GenreAnalysisService,
  AnalyticsStreamService,
] as const;

export function addAnalyticsServices(router: ConnectRouter, counting: PairCounting): void {
  router
    .service(MapReduceService, {
      aggregateStream: (list, { signal }) => timed(() => aggregateStream(list, signal, counting)),
    })
    .service(UserBehaviorService, {
      analyzeUsers: (list, { signal }) => timed(() => analyzeUsers(list, signal, counting)),
    })
    .service(RecommendationService, {
      recommend: (request, { signal }) => timed(() => recommend(request, signal)),
    })
    .service(GenreAnalysisService, {
      analyzeGenres: (list, { signal }) => timed(() => analyzeGenres(list, signal)),
    })
    .service(AnalyticsStreamService, {
      aggregatePlays: (requests, { signal }) => aggregatePlays(requests, signal, counting),
      analyzeUserBatches: (requests, { signal }) => analyzeUserBatches(requests, signal, counting),
      analyzeGenreBatches: (requests, { signal }) => analyzeGenreBatches(requests, signal),
      recommendBatches: (requests, { signal }) => recommendBatches(requests, signal),
    });
}
