/** Judges a trained model and the simple methods it must beat, on the latest sessions. */
import { AppError } from "@segue/errors";
import type { Checkpoint } from "@segue/model";

import { mapSessions, positionCount, type Sessions } from "../sessions/sessions.ts";
import type { SongTable } from "../sessions/song-table.ts";
import { type SplitShares, splitByTime } from "../sessions/time-split.ts";
import { vocabularyOf } from "../sessions/vocabulary.ts";
import { readNetworkWeights, readSongIds } from "../weights/checkpoint-tensors.ts";
import { lastWeekOf, PopularityScorer } from "./baselines/popularity.ts";
import { associationRules, extendedSequentialRules, sequentialRules } from "./baselines/rules.ts";
import { sessionKnn, vectorSessionKnn, vstan } from "./baselines/session-neighbours.ts";
import { NetworkScorer } from "./network-scorer.ts";
import { type RankingFigures, RankingMetrics } from "./ranking-metrics.ts";
import type { Scorer } from "./scorer.ts";

const BASELINES = {
  popularity: (sessions: Sessions, songCount: number) =>
    new PopularityScorer("popularity", sessions, songCount),
  popularityLastWeek: (sessions: Sessions, songCount: number) =>
    new PopularityScorer("popularityLastWeek", lastWeekOf(sessions), songCount),
  associationRules,
  sequentialRules,
  extendedSequentialRules,
  sessionKnn,
  vectorSessionKnn,
  vstan,
} as const satisfies Record<string, (sessions: Sessions, songCount: number) => Scorer>;

export type BaselineName = keyof typeof BASELINES;
export const ALL_BASELINES = Object.keys(BASELINES) as readonly BaselineName[];
/** Those that answer fast; the neighbour methods take about a millisecond per position. */
export const DEFAULT_BASELINES: readonly BaselineName[] = [
  "popularity",
  "popularityLastWeek",
  "associationRules",
  "sequentialRules",
  "extendedSequentialRules",
];

export interface EvaluateOptions {
  readonly checkpoint: Checkpoint;
  /** All sessions, ordered by time: the split is the one that training made. */
  readonly sessions: Sessions;
  readonly songs: SongTable;
  readonly shares?: SplitShares;
  readonly baselines?: readonly BaselineName[];
  /** Called as each row is ready. */
  readonly onRow?: (row: EvaluationRow) => void;
}

export interface EvaluationRow {
  readonly method: BaselineName | "network";
  readonly figures: RankingFigures;
  readonly millisecondsPerQuery: number;
}

/**
 * Full ranking of every next song of the test sessions among the model's songs; songs the model does
 * not know are left out, songs already heard are not. Baselines learn from the training sessions.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationRow[]> {
  const { checkpoint, sessions, songs, shares, baselines = DEFAULT_BASELINES } = options;
  const modelRowOf = vocabularyOf(await readSongIds(checkpoint), songs);
  const split = splitByTime(sessions, shares);
  const training = mapSessions(split.training, modelRowOf);
  const test = mapSessions(split.test, modelRowOf);
  if (positionCount(test) === 0) {
    throw new AppError(
      "TRAINING_DATA_INSUFFICIENT",
      `The latest sessions hold no two songs in a row that model ${checkpoint.manifest.version} knows; import more sessions`,
    );
  }
  const { songCount, dimensions } = checkpoint.manifest;
  const network = await NetworkScorer.open(dimensions, await readNetworkWeights(checkpoint));
  try {
    const rows: EvaluationRow[] = [];
    for (const scorer of [...baselinesFor(baselines, training, songCount), network]) {
      const startedAt = performance.now();
      const figures = await judge(scorer, test, songCount);
      const row: EvaluationRow = {
        method: scorer.name as EvaluationRow["method"],
        figures,
        millisecondsPerQuery: (performance.now() - startedAt) / figures.positions,
      };
      options.onRow?.(row);
      rows.push(row);
    }
    return rows;
  } finally {
    await network.close();
  }
}

export function baselinesFor(
  names: readonly BaselineName[],
  training: Sessions,
  songCount: number,
): Scorer[] {
  return names.map((name) => BASELINES[name](training, songCount));
}

export async function judge(
  scorer: Scorer,
  test: Sessions,
  songCount: number,
): Promise<RankingFigures> {
  const metrics = new RankingMetrics(test, songCount);
  await scorer.score(test, metrics.add);
  return metrics.figures();
}
