/**
 * The models of this process: the promoted version answers, the one before it is kept so that its
 * receipts can be replayed. Older ones are gone as far as a replay is concerned.
 */
import type { ModelDirectory } from "@segue/domain";
import { AppError } from "@segue/errors";
import {
  type Checkpoint,
  createInferencePool,
  type InferencePool,
  type InferencePoolOptions,
  loadStageWeights,
  loadVocabulary,
  type ModelPart,
  openCheckpoint,
  planPartition,
  type Vocabulary,
} from "@segue/model";
import type { Store } from "@segue/store";

export interface Cut {
  readonly stages: number;
  readonly shards: number;
}

export interface ServedModels extends ModelDirectory {
  /** Of the promoted version: what there must be a compute node for. */
  readonly parts: readonly ModelPart[];
  /** One pool a version; a part's weights are loaded once, however many replicas run it here. */
  startPools(part: ModelPart): Promise<InferencePool[]>;
}

/** Throws MODEL_NOT_LOADED when no version is promoted, MODEL_CHECKSUM_MISMATCH for a damaged one. */
export async function loadServedModels(
  store: Store,
  cut: Cut,
  poolOptions: Pick<InferencePoolOptions, "now" | "onWorkerLost">,
): Promise<ServedModels> {
  const promoted = await store.models.promotedModel();
  if (promoted === undefined) {
    throw new AppError(
      "MODEL_NOT_LOADED",
      "No model is promoted; run `segue train` or `segue models promote VERSION`.",
    );
  }
  const current = await openModel(store, promoted.version, cut);
  const previous = await store.models.previousModel();
  const models = [current];
  if (previous !== undefined && previous.version !== promoted.version) {
    models.push(await openModel(store, previous.version, cut));
  }
  return {
    parts: current.parts,
    currentVersion: () => promoted.version,
    vocabularyFor: (version) =>
      models.find(({ vocabulary }) => vocabulary.modelVersion === version)?.vocabulary,
    startPools: (part) =>
      Promise.all(
        models.map(async (model) =>
          createInferencePool({ weights: await model.weightsOf(part), ...poolOptions }),
        ),
      ),
  };
}

interface OpenModel {
  readonly vocabulary: Vocabulary;
  readonly parts: readonly ModelPart[];
  /** @param part of any version with the same cut */
  weightsOf(part: ModelPart): ReturnType<typeof loadStageWeights>;
}

async function openModel(store: Store, version: string, cut: Cut): Promise<OpenModel> {
  const checkpoint = await openCheckpoint(await store.models.openModel(version));
  const parts = planPartition(checkpoint.manifest, cut);
  return {
    vocabulary: await loadVocabulary(checkpoint),
    parts,
    weightsOf: createWeightLoader(checkpoint, parts),
  };
}

function createWeightLoader(
  checkpoint: Checkpoint,
  parts: readonly ModelPart[],
): OpenModel["weightsOf"] {
  const loaded = new Map<ModelPart, ReturnType<typeof loadStageWeights>>();
  return ({ stage, shard }) => {
    const part = parts.find((own) => own.stage === stage && own.shard === shard);
    if (part === undefined) {
      const { version } = checkpoint.manifest;
      throw new AppError("MODEL_INVALID", `${version} has no stage ${stage}, shard ${shard}.`);
    }
    const weights = loaded.get(part) ?? loadStageWeights(checkpoint, part);
    loaded.set(part, weights);
    return weights;
  };
}
