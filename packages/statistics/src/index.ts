export { type CodeCountColumns, CodeCounts } from "./code-counts.ts";
export { type GenreCounts, genreCountsFrom } from "./genre-counts.ts";
export { type PairCountColumns, PairCounts } from "./pair-counts.ts";
export { joinPairs, splitPairs } from "./pair-partitions.ts";
export { type PlayCounts, playCountsFrom, playKeyOf } from "./play-counts.ts";
export { PLAY_SECONDS_MAX } from "./play-seconds.ts";
export { StringCoder } from "./string-coder.ts";
export { artistPartOf, isRecommendedTo, TrendingKeys, trendingKeysOf } from "./trending.ts";
export { type UserStatistics, userStatisticsFrom } from "./user-statistics.ts";
