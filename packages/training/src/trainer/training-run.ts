/** The loop over epochs: learns, judges, stops early, and saves its state as it goes. */
import { AppError } from "@segue/errors";

import { planBatches } from "../batches/batch-plan.ts";
import { cutSegments, type Segments } from "../batches/segments.ts";
import { NetworkScorer } from "../evaluation/network-scorer.ts";
import { RankingMetrics } from "../evaluation/ranking-metrics.ts";
import { RANDOM_PURPOSE, Random } from "../random.ts";
import { copyWeights, type NetworkWeights, overwriteWeights } from "../weights/network-weights.ts";
import type { NetworkTrainer } from "./network-trainer.ts";
import { openTrainer } from "./open-trainer.ts";
import type { TrainingProgress } from "./progress.ts";
import type { TrainingData } from "./training-data.ts";
import type { TrainingSettings } from "./training-settings.ts";
import { loadTrainingState, saveTrainingState, type TrainingPosition } from "./training-state.ts";

/** Share of the learning rate that is left at the end of the last epoch. */
const LEARNING_RATE_END = 0.1;
/** Steps between two progress reports. */
const REPORT_STEPS = 20;

export interface RunOptions {
  /** Where the state is kept; without it a killed run begins anew. */
  readonly stateFolder?: string;
  /** Of data and settings. */
  readonly fingerprint: string;
  readonly stateEverySteps: number;
  readonly createdAt: string;
  readonly onProgress: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly weights: NetworkWeights;
  readonly bestEpoch: number;
  readonly bestMrr20: number;
  readonly createdAt: string;
}

export class TrainingRun {
  readonly #data: TrainingData;
  readonly #settings: TrainingSettings;
  readonly #options: RunOptions;
  readonly #segments: Segments;
  readonly #trainer: NetworkTrainer;
  readonly #scorer: NetworkScorer;
  readonly #best: NetworkWeights;
  readonly #position: TrainingPosition;

  private constructor(
    data: TrainingData,
    settings: TrainingSettings,
    options: RunOptions,
    trainer: NetworkTrainer,
    scorer: NetworkScorer,
    best: NetworkWeights,
    position: TrainingPosition,
  ) {
    this.#data = data;
    this.#settings = settings;
    this.#options = options;
    this.#segments = cutSegments(data.split.training, settings.stepsMax);
    this.#trainer = trainer;
    this.#scorer = scorer;
    this.#best = best;
    this.#position = position;
  }

  /** Begins a run, or goes on with the one whose state the folder holds. */
  static async open(
    data: TrainingData,
    settings: TrainingSettings,
    options: RunOptions,
  ): Promise<TrainingRun> {
    const trainer = await openTrainer(data, settings);
    const best = copyWeights(trainer.weights());
    const scorer = await NetworkScorer.open(settings.dimensions, best);
    const parts = { dense: trainer.dense, embedding: trainer.embedding, best };
    const saved =
      options.stateFolder === undefined
        ? null
        : await loadTrainingState(options.stateFolder, options.fingerprint, parts);
    if (saved !== null) {
      options.onProgress({ kind: "resumed", epoch: saved.epoch, step: saved.step });
    }
    const position = saved ?? firstPosition(options.createdAt);
    return new TrainingRun(data, settings, options, trainer, scorer, best, position);
  }

  /** Trains to the end. Throws TRAINING_DIVERGED, or CANCELLED after saving the state. */
  async finish(): Promise<RunResult> {
    const position = this.#position;
    while (!position.isFinished) {
      await this.#finishEpoch();
      await this.#judgeEpoch();
      await this.#save();
    }
    return {
      weights: this.#best,
      bestEpoch: position.bestEpoch,
      bestMrr20: position.bestMrr20,
      createdAt: position.createdAt,
    };
  }

  async close(): Promise<void> {
    await this.#trainer.close();
    await this.#scorer.close();
  }

  async #finishEpoch(): Promise<void> {
    const position = this.#position;
    const { seed, batchSize } = this.#settings;
    const plan = planBatches(this.#segments, batchSize, seed, position.epoch);
    const report = this.#createReporter(plan.length);
    for (const members of plan.slice(position.step)) {
      await this.#stopIfAsked();
      const random = new Random(seed, RANDOM_PURPOSE.step, position.epoch, position.step);
      const { loss, positions } = await this.#trainer.step(this.#segments, members, {
        number: position.stepsTotal + 1,
        learningRate: this.#learningRateAt(position, plan.length),
        random,
      });
      position.step++;
      position.stepsTotal++;
      position.lossSum += loss;
      position.lossPositions += positions;
      this.#assertFinite(loss);
      report(positions);
      if (position.step % this.#options.stateEverySteps === 0) await this.#save();
    }
  }

  /** Falls in a straight line: the last steps only polish. */
  #learningRateAt({ epoch, step }: TrainingPosition, stepsInEpoch: number): number {
    const { learningRate, epochsMax } = this.#settings;
    const done = (epoch - 1 + step / stepsInEpoch) / epochsMax;
    return learningRate * (1 - (1 - LEARNING_RATE_END) * done);
  }

  async #judgeEpoch(): Promise<void> {
    const position = this.#position;
    const weights = this.#trainer.weights();
    const { stopping, songs } = this.#data;
    const metrics = new RankingMetrics(stopping, songs.ids.length);
    this.#scorer.setWeights(weights);
    await this.#scorer.score(stopping, metrics.add);
    const mrr20 = metrics.figures()["mrr@20"];
    const isBest = mrr20 > position.bestMrr20;
    if (isBest) {
      position.bestMrr20 = mrr20;
      position.bestEpoch = position.epoch;
      overwriteWeights(this.#best, weights);
    }
    const { epochsMax, patience } = this.#settings;
    this.#options.onProgress({
      kind: "epoch",
      epoch: position.epoch,
      epochsMax,
      loss: position.lossSum / position.lossPositions,
      validationMrr20: mrr20,
      isBest,
    });
    position.isFinished =
      position.epoch >= epochsMax || position.epoch - position.bestEpoch >= patience;
    position.epoch++;
    position.step = 0;
    position.lossSum = 0;
    position.lossPositions = 0;
  }

  /** Reports now and then; speed counts from where this process began. */
  #createReporter(stepsInEpoch: number): (positions: number) => void {
    const { epochsMax } = this.#settings;
    const position = this.#position;
    const startedAt = performance.now();
    const firstStep = position.step;
    let positionsDone = 0;
    return (positions) => {
      positionsDone += positions;
      if (position.step % REPORT_STEPS !== 0 && position.step !== stepsInEpoch) return;
      const seconds = (performance.now() - startedAt) / 1000;
      const stepsLeft = (epochsMax - position.epoch + 1) * stepsInEpoch - position.step;
      this.#options.onProgress({
        kind: "step",
        epoch: position.epoch,
        epochsMax,
        step: position.step,
        stepsInEpoch,
        loss: position.lossSum / position.lossPositions,
        positionsPerSecond: positionsDone / seconds,
        secondsLeft: (seconds / (position.step - firstStep)) * stepsLeft,
      });
    };
  }

  #assertFinite(loss: number): void {
    if (Number.isFinite(loss)) return;
    const { epoch, step } = this.#position;
    throw new AppError(
      "TRAINING_DIVERGED",
      `The loss became ${loss} in epoch ${epoch}, step ${step}; train with a lower learning rate than ${this.#settings.learningRate}`,
      { details: { epoch, step } },
    );
  }

  async #stopIfAsked(): Promise<void> {
    if (this.#options.signal?.aborted !== true) return;
    await this.#save();
    const { epoch, step } = this.#position;
    const outlook =
      this.#options.stateFolder === undefined
        ? "nothing was kept"
        : "the same command goes on from there";
    throw new AppError(
      "CANCELLED",
      `Training stopped in epoch ${epoch} after step ${step}; ${outlook}`,
    );
  }

  async #save(): Promise<void> {
    const { stateFolder, fingerprint } = this.#options;
    if (stateFolder === undefined) return;
    await saveTrainingState(stateFolder, fingerprint, this.#position, {
      dense: this.#trainer.dense,
      embedding: this.#trainer.embedding,
      best: this.#best,
    });
  }
}

function firstPosition(createdAt: string): TrainingPosition {
  return {
    createdAt,
    epoch: 1,
    step: 0,
    stepsTotal: 0,
    lossSum: 0,
    lossPositions: 0,
    bestMrr20: -1,
    bestEpoch: 0,
    isFinished: false,
  };
}
