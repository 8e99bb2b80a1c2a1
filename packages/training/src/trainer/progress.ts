/** What a training run tells while it runs. */
import type { RankingFigures } from "../evaluation/ranking-metrics.ts";

export type TrainingProgress =
  | { readonly kind: "preparing"; readonly songs: number; readonly positions: number }
  | { readonly kind: "resumed"; readonly epoch: number; readonly step: number }
  | StepProgress
  | EpochProgress
  | { readonly kind: "evaluated"; readonly method: string; readonly figures: RankingFigures };

export interface StepProgress {
  readonly kind: "step";
  /** From 1. */
  readonly epoch: number;
  readonly epochsMax: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly stepsInEpoch: number;
  /** Mean per position over the epoch so far, in nats. */
  readonly loss: number;
  readonly positionsPerSecond: number;
  /** Until the last epoch ends; early stopping may end it before. */
  readonly secondsLeft: number;
}

export interface EpochProgress {
  readonly kind: "epoch";
  readonly epoch: number;
  readonly epochsMax: number;
  readonly loss: number;
  readonly validationMrr20: number;
  readonly isBest: boolean;
}
