export { applyPolicy } from "./answer/answer-policy.ts";
export { type Candidate, mergeShards } from "./answer/candidate-merge.ts";
export { answerDegraded, type TrendingSong } from "./answer/degradation-ladder.ts";
export { shiftHops } from "./answer/hop-times.ts";
export { leaveOneOut, missingSongCount } from "./answer/model-input.ts";
export type {
  Hop,
  Receipt,
  RecommendedSong,
  ServiceLevel,
  SongQuestion,
} from "./answer/recommendation.ts";
export type { Breaker } from "./dispatch/breaker.ts";
export { DispatcherCore, type ModelDirectory } from "./dispatch/dispatcher-core.ts";
export type {
  DispatcherEffect,
  DispatcherEvent,
  DispatcherNote,
} from "./dispatch/dispatcher-events.ts";
export {
  DISPATCHER_DEFAULTS,
  type DispatcherOptions,
  dispatcherOptionsFor,
} from "./dispatch/dispatcher-options.ts";
export { LeaderChoice } from "./dispatch/leader-choice.ts";
export type {
  Address,
  RecommendReply,
  RecommendRequest,
  ReplicaHeartbeat,
  ShardPartial,
  StageTarget,
  StageTask,
} from "./dispatch/pipeline-messages.ts";
export { PRESENCE_DEFAULTS, Presence } from "./dispatch/presence.ts";
export {
  type CatalogueSong,
  HISTORY_AGE_MS_MAX,
  HISTORY_LENGTH_MAX,
  LIMIT_DEFAULT,
  LIMIT_MAX,
  SONGS_MAX,
  SONGS_MIN,
  SONGS_PER_ARTIST_DEFAULT,
  type Song,
} from "./song.ts";
export type { ModelVocabulary } from "./vocabulary.ts";
