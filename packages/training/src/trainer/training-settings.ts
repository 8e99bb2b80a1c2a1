/** The numbers that shape a training run. Two runs with equal settings and data give equal bytes. */
import { NETWORK_SIZES, type NetworkDimensions, type NetworkSize } from "@segue/model";

import { SPLIT_SHARES_DEFAULT, type SplitShares } from "../sessions/time-split.ts";

export interface TrainingSettings {
  readonly size: NetworkSize | "custom";
  readonly dimensions: NetworkDimensions;
  readonly seed: number;
  readonly epochsMax: number;
  /** Epochs without a better validation MRR@20 after which training stops. */
  readonly patience: number;
  /** Sessions per step. */
  readonly batchSize: number;
  /** Negatives per step, shared by its positions. */
  readonly negatives: number;
  /** Negatives are drawn in proportion to plays^alpha. */
  readonly negativeAlpha: number;
  /** Of the first step; it falls in a straight line to a tenth at the end of the last epoch. */
  readonly learningRate: number;
  readonly embeddingDropout: number;
  readonly hiddenDropout: number;
  /** Longer sessions are cut. */
  readonly stepsMax: number;
  /** Songs with fewer plays in the training sessions stay out of the vocabulary. */
  readonly supportMin: number;
  readonly shares: SplitShares;
  /** Early stopping judges on so many positions at most. */
  readonly validationPositionsMax: number;
  /** Co-occurrence neighbours kept per song for degraded answers. */
  readonly neighbours: number;
}

const DEFAULTS = {
  seed: 1,
  epochsMax: 12,
  patience: 2,
  batchSize: 64,
  negatives: 1024,
  negativeAlpha: 0.5,
  learningRate: 0.002,
  embeddingDropout: 0.25,
  hiddenDropout: 0.2,
  stepsMax: 30,
  supportMin: 5,
  shares: SPLIT_SHARES_DEFAULT,
  validationPositionsMax: 20_000,
  neighbours: 10,
} as const;

/** What a caller may choose; everything has a default. */
export type TrainingChoices = Partial<Omit<TrainingSettings, "size" | "dimensions">> & {
  /** S by default; or the two widths themselves. */
  readonly size?: NetworkSize | NetworkDimensions;
};

export function trainingSettings({ size = "S", ...choices }: TrainingChoices): TrainingSettings {
  const network =
    typeof size === "string"
      ? { size, dimensions: NETWORK_SIZES[size] }
      : { size: "custom" as const, dimensions: size };
  return { ...DEFAULTS, ...choices, ...network };
}
