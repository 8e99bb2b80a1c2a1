/** Decides whether a newly trained model may serve: not when the one that serves is better. */
import { AppError, invariant, toAppError } from "@segue/errors";
import { type Checkpoint, openCheckpoint } from "@segue/model";
import type { Store } from "@segue/store";
import { evaluate } from "@segue/training";
import type { TrainingData } from "./training-data.ts";

export interface Promotion {
  readonly isPromoted: boolean;
  /** MRR@20 over the same test positions; absent where nothing served before or can be judged. */
  readonly mrr20?: { readonly trained: number; readonly serving: number };
  readonly text: string;
}

/** Below this difference two models are equal: about one standard error at 90,000 positions. */
const TOLERANCE = 0.0007;

/**
 * Both models are judged on the latest sessions of the same data. A serving model that knows none
 * of its songs cannot be compared and gives way. When forced, the figures are for information: a
 * damaged model that serves must not stand in the way of the one that is to replace it.
 */
export async function promoteUnlessWorse(
  store: Store,
  trained: Checkpoint,
  data: TrainingData,
  { isForced }: { readonly isForced: boolean },
): Promise<Promotion> {
  const { version } = trained.manifest;
  const serving = await store.models.promotedModel();
  if (serving === undefined || serving.version === version) {
    await store.models.promote(version);
    return { isPromoted: true, text: "It serves from the next start." };
  }
  let mrr20: { trained: number; serving: number };
  try {
    mrr20 = compare(await judge(trained, data), await judgeServing(store, serving.version, data));
  } catch (error) {
    if (!isForced) throw error;
    await store.models.promote(version);
    const why = `it was not compared with ${serving.version}: ${toAppError(error).message}`;
    return { isPromoted: true, text: `It serves from the next start (${why}).` };
  }
  const figures = `MRR@20 ${mrr20.trained.toFixed(4)} against ${mrr20.serving.toFixed(4)} of ${serving.version}`;
  if (mrr20.trained < mrr20.serving - TOLERANCE && !isForced) {
    return {
      isPromoted: false,
      mrr20,
      text: `It is worse than the model that serves (${figures}) and was not promoted; promote it with \`segue models promote ${version}\`.`,
    };
  }
  await store.models.promote(version);
  return { isPromoted: true, mrr20, text: `It serves from the next start (${figures}).` };
}

interface Judgement {
  readonly positions: number;
  readonly mrr20: number;
}

/**
 * Each model ranks only songs that it knows. Positions that just one of them could rank count as
 * misses of the other, or a tiny vocabulary would look best.
 */
function compare(trained: Judgement, serving: Judgement): { trained: number; serving: number } {
  const positions = Math.max(trained.positions, serving.positions, 1);
  return {
    trained: (trained.mrr20 * trained.positions) / positions,
    serving: (serving.mrr20 * serving.positions) / positions,
  };
}

async function judgeServing(store: Store, version: string, data: TrainingData): Promise<Judgement> {
  const checkpoint = await openCheckpoint(await store.models.openModel(version));
  try {
    return await judge(checkpoint, data);
  } catch (error) {
    if (error instanceof AppError && error.code === "TRAINING_DATA_INSUFFICIENT")
      return { positions: 0, mrr20: 0 };
    throw error;
  }
}

async function judge(checkpoint: Checkpoint, data: TrainingData): Promise<Judgement> {
  const [row] = await evaluate({ checkpoint, ...data, baselines: [] });
  invariant(row !== undefined, "evaluate always has a row for the network");
  return { positions: row.figures.positions, mrr20: row.figures["mrr@20"] };
}
