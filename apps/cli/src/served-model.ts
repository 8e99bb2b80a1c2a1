/** The model that serves, as the parts of the pipeline need it. */
import { AppError } from "@segue/errors";
import {
  type Checkpoint,
  createInferencePool,
  type InferencePool,
  loadStageWeights,
  loadVocabulary,
  type ModelPart,
  openCheckpoint,
  planPartition,
  type Vocabulary,
} from "@segue/model";
import type { Store } from "@segue/store";

export interface ServedModel {
  readonly vocabulary: Vocabulary;
  readonly parts: readonly ModelPart[];
  /** Loads the part's weights once, however many replicas run it in this process. */
  startPool(part: ModelPart): Promise<InferencePool>;
}

/** Throws MODEL_NOT_LOADED when no version is promoted, MODEL_CHECKSUM_MISMATCH for a damaged one. */
export async function loadServedModel(
  store: Store,
  cut: { readonly stages: number; readonly shards: number },
  onWorkerLost: (error: AppError) => void,
): Promise<ServedModel> {
  const promoted = await store.models.promotedModel();
  if (promoted === undefined) {
    throw new AppError(
      "MODEL_NOT_LOADED",
      "No model is promoted; run `segue train` or `segue models promote VERSION`.",
    );
  }
  const checkpoint = await openCheckpoint(await store.models.openModel(promoted.version));
  const parts = planPartition(checkpoint.manifest, cut);
  return {
    vocabulary: await loadVocabulary(checkpoint),
    parts,
    startPool: createPoolStarter(checkpoint, onWorkerLost),
  };
}

function createPoolStarter(
  checkpoint: Checkpoint,
  onWorkerLost: (error: AppError) => void,
): ServedModel["startPool"] {
  const weightsOf = new Map<ModelPart, ReturnType<typeof loadStageWeights>>();
  return async (part) => {
    const weights = weightsOf.get(part) ?? loadStageWeights(checkpoint, part);
    weightsOf.set(part, weights);
    return createInferencePool({ weights: await weights, onWorkerLost });
  };
}
