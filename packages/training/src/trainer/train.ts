/** Trains the six-layer network on sessions and returns it as a checkpoint. */
import { type ModelManifest, modelVersionOf, writeCheckpoint } from "@segue/model";

import { sessionNeighbours } from "../cooccurrence/neighbours.ts";
import { baselinesFor, DEFAULT_BASELINES, judge } from "../evaluation/evaluate.ts";
import { NetworkScorer } from "../evaluation/network-scorer.ts";
import type { RankingFigures } from "../evaluation/ranking-metrics.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { positionCount } from "../sessions/sessions.ts";
import type { SongTable } from "../sessions/song-table.ts";
import { toCheckpointTensors } from "../weights/checkpoint-tensors.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import type { TrainingProgress } from "./progress.ts";
import { prepareTrainingData, type TrainingData } from "./training-data.ts";
import { TrainingRun } from "./training-run.ts";
import {
  type TrainingChoices,
  type TrainingSettings,
  trainingSettings,
} from "./training-settings.ts";
import { fingerprintOf } from "./training-state.ts";

const STATE_EVERY_STEPS = 500;

export interface TrainOptions extends TrainingChoices {
  /** Ordered by time; rows of `songs`. */
  readonly sessions: Sessions;
  readonly songs: SongTable;
  /** First part of the model's version. */
  readonly name: string;
  /** The command that makes the same weights again, for the manifest. */
  readonly command: string;
  /** Now, unless told otherwise; part of the bytes. */
  readonly createdAt?: Date;
  /** A folder for the state of the run; with it, a killed run goes on where it was. */
  readonly checkpointDir?: string;
  readonly stateEverySteps?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Stops after the step under way, with the state saved and CANCELLED thrown. */
  readonly signal?: AbortSignal;
}

export interface TrainedModel {
  /** A whole checkpoint file. */
  readonly checkpoint: Uint8Array;
  readonly manifest: ModelManifest;
  readonly bestEpoch: number;
  readonly validationMrr20: number;
}

/**
 * Throws TRAINING_DATA_INSUFFICIENT, TRAINING_DIVERGED, TRAINING_STATE_MISMATCH or CANCELLED.
 * Equal sessions, songs, settings, name, command and createdAt give equal bytes on one machine.
 */
export async function train(options: TrainOptions): Promise<TrainedModel> {
  const { sessions, songs, name, command, createdAt, checkpointDir, signal, ...rest } = options;
  const { stateEverySteps = STATE_EVERY_STEPS, onProgress = () => {}, ...choices } = rest;
  const settings = trainingSettings(choices);
  const data = prepareTrainingData(sessions, songs, settings);
  onProgress({
    kind: "preparing",
    songs: data.songs.ids.length,
    positions: positionCount(data.split.training),
  });
  const run = await TrainingRun.open(data, settings, {
    ...(checkpointDir === undefined ? {} : { stateFolder: checkpointDir }),
    ...(signal === undefined ? {} : { signal }),
    fingerprint: fingerprintOf(data.dataHash, data.songs.ids, settings),
    stateEverySteps,
    createdAt: (createdAt ?? new Date()).toISOString(),
    onProgress,
  });
  try {
    const result = await run.finish();
    const metrics = await testFigures(data, settings, result.weights, onProgress);
    const { checkpoint, manifest } = exportModel(data, settings, result.weights, {
      name,
      command,
      createdAt: result.createdAt,
      metrics,
    });
    return {
      checkpoint,
      manifest,
      bestEpoch: result.bestEpoch,
      validationMrr20: result.bestMrr20,
    };
  } finally {
    await run.close();
  }
}

/** The network and its baselines on the latest sessions, which nothing was chosen by. */
async function testFigures(
  { split, songs }: TrainingData,
  { dimensions }: TrainingSettings,
  weights: NetworkWeights,
  onProgress: (progress: TrainingProgress) => void,
): Promise<Record<string, RankingFigures>> {
  const network = await NetworkScorer.open(dimensions, weights);
  try {
    const songCount = songs.ids.length;
    const figures: Record<string, RankingFigures> = {};
    const scorers = [...baselinesFor(DEFAULT_BASELINES, split.training, songCount), network];
    for (const scorer of scorers) {
      const found = await judge(scorer, split.test, songCount);
      figures[scorer.name] = found;
      onProgress({ kind: "evaluated", method: scorer.name, figures: found });
    }
    return figures;
  } finally {
    await network.close();
  }
}

function exportModel(
  { songs, split, dataHash }: TrainingData,
  { dimensions, size, seed, neighbours }: TrainingSettings,
  weights: NetworkWeights,
  facts: Pick<ModelManifest, "command" | "createdAt" | "metrics"> & { readonly name: string },
): { checkpoint: Uint8Array; manifest: ModelManifest } {
  const table = sessionNeighbours(split.training, songs.ids.length, neighbours);
  const tensors = toCheckpointTensors(weights, dimensions, songs, table);
  const manifest: ModelManifest = {
    format: 1,
    version: modelVersionOf(facts.name, dataHash, tensors),
    size,
    dimensions,
    songCount: songs.ids.length,
    artistCount: songs.artistCount,
    createdAt: facts.createdAt,
    seed,
    dataHash,
    command: facts.command,
    metrics: facts.metrics,
  };
  return { checkpoint: writeCheckpoint(manifest, tensors), manifest };
}
