export { type AnswerPolicy, applyPolicy, type PolicyKeys } from "./answer/answer-policy.ts";
export {
  CANDIDATES_MAX,
  type Candidate,
  candidateCountFor,
  type MergedCandidates,
  mergeShards,
  ranksBefore,
  type ShardScores,
  widenedCandidateCount,
} from "./answer/candidate-merge.ts";
export {
  answerDegraded,
  type DegradedAnswer,
  type TrendingSong,
} from "./answer/degradation-ladder.ts";
export {
  LEAVE_ONE_OUT_MAX,
  type LeaveOneOut,
  leaveOneOut,
  type ModelInput,
  maskedRowsFor,
  missingSongCount,
  toModelInput,
} from "./answer/model-input.ts";
export { type PositionReason, REASONS_MAX, reasonsFor } from "./answer/reasons.ts";
export type {
  Hop,
  Reason,
  Receipt,
  RecommendedSong,
  ServiceLevel,
  SongQuestion,
} from "./answer/recommendation.ts";
export { BREAKER_DEFAULTS, type Breaker, type BreakerOptions } from "./dispatch/breaker.ts";
export {
  DispatcherCore,
  type DispatcherCoreDependencies,
  type ModelDirectory,
} from "./dispatch/dispatcher-core.ts";
export type {
  DispatcherEffect,
  DispatcherEvent,
  DispatcherNote,
} from "./dispatch/dispatcher-events.ts";
export { DISPATCHER_DEFAULTS, type DispatcherOptions } from "./dispatch/dispatcher-options.ts";
export type {
  Address,
  Failure,
  RecommendReply,
  RecommendRequest,
  ReplicaHeartbeat,
  ShardPartial,
  StageTarget,
  StageTask,
} from "./dispatch/pipeline-messages.ts";
export { FIRST_LAYER, LAST_LAYER, planRoute, type RoutePlan } from "./dispatch/route-plan.ts";
export {
  type CatalogueSong,
  HISTORY_AGE_MS_MAX,
  HISTORY_LENGTH_MAX,
  INPUT_LENGTH_MAX,
  LIMIT_DEFAULT,
  LIMIT_MAX,
  SONGS_MAX,
  SONGS_MIN,
  SONGS_PER_ARTIST_DEFAULT,
  type Song,
} from "./song.ts";
export type { ModelVocabulary, Neighbours } from "./vocabulary.ts";
