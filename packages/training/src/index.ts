export {
  ALL_BASELINES,
  type BaselineName,
  DEFAULT_BASELINES,
  type EvaluateOptions,
  type EvaluationRow,
  evaluate,
} from "./evaluation/evaluate.ts";
export { type RankingFigures, RankingMetrics } from "./evaluation/ranking-metrics.ts";
export type { PositionVisitor, Scorer } from "./evaluation/scorer.ts";
export {
  collectSessions,
  type SessionRecord,
  type Sessions,
  sessionsFromLists,
} from "./sessions/sessions.ts";
export { createSongTable, type SongFacts, type SongTable } from "./sessions/song-table.ts";
export { type SplitShares, splitByTime, type TimeSplit } from "./sessions/time-split.ts";
export type { EpochProgress, StepProgress, TrainingProgress } from "./trainer/progress.ts";
export { type TrainedModel, type TrainOptions, train } from "./trainer/train.ts";
export type { TrainingChoices, TrainingSettings } from "./trainer/training-settings.ts";
