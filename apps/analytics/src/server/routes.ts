/** Every service of every port. */
import type { ConnectRouter } from "@connectrpc/connect";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  UserBehaviorService,
} from "@segue/contracts/music";
import type { Counting } from "../counting/counting.ts";
import { SHARE_HEADER } from "../nodes/node-calls.ts";
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

export function addAnalyticsServices(router: ConnectRouter, counting: Counting): void {
  router
    .service(MapReduceService, {
      aggregateStream: (list, { signal }) =>
        timed(() => aggregateStream(list, signal, counting.pairs)),
    })
    .service(UserBehaviorService, {
      analyzeUsers: (list, { signal }) => timed(() => analyzeUsers(list, signal, counting.pairs)),
    })
    .service(RecommendationService, {
      recommend: (request, { signal }) => timed(() => recommend(request, signal)),
    })
    .service(GenreAnalysisService, {
      analyzeGenres: (list, { signal }) => timed(() => analyzeGenres(list, signal)),
    })
    .service(AnalyticsStreamService, {
      aggregatePlays: (requests, { signal, requestHeader }) => {
        const isShare = requestHeader.has(SHARE_HEADER);
        return aggregatePlays(requests, signal, isShare ? counting.playsOfShares : counting.plays);
      },
      analyzeUserBatches: (requests, { signal }) =>
        analyzeUserBatches(requests, signal, counting.pairs),
      analyzeGenreBatches: (requests, { signal }) => analyzeGenreBatches(requests, signal),
      recommendBatches: (requests, { signal }) => recommendBatches(requests, signal),
    });
}
