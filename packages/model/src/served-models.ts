/**
 * The models of this process: the promoted version answers, the one before it is kept so that its
 * receipts can be replayed. Older ones are gone as far as a replay is concerned.
 */
import type { ModelDirectory } from "@segue/domain";
import { AppError } from "@segue/errors";
import type { ByteSource } from "./checkpoint/byte-source.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint/checkpoint.ts";
import { loadVocabulary } from "./checkpoint/vocabulary.ts";
import {
  createInferencePool,
  type InferencePool,
  type InferencePoolOptions,
} from "./inference/inference-pool.ts";
import { type ModelPart, type PartitionPlan, planPartition } from "./partition/plan-partition.ts";
import { loadStageWeights, type StageWeights } from "./partition/stage-weights.ts";

/** Where the versions lie: the store's registry. */
export interface ModelSource {
  promotedModel(): Promise<{ readonly version: string } | undefined>;
  /** Promoted before it. */
  previousModel(): Promise<{ readonly version: string } | undefined>;
  /** Reads are checked against the checksums: MODEL_CHECKSUM_MISMATCH. */
  openModel(version: string): Promise<ByteSource>;
}

/** What a process needs that runs parts of the model. */
export interface ServedParts {
  /** Of the promoted version: what there must be a compute node for. */
  readonly parts: readonly ModelPart[];
  /** One pool a version; a part's weights are loaded once, however many replicas run it here. */
  startPools(part: ModelPart): Promise<InferencePool[]>;
}

type PoolOptions = Pick<InferencePoolOptions, "now" | "onWorkerLost">;

/** Throws MODEL_NOT_LOADED when no version is promoted, MODEL_CHECKSUM_MISMATCH for a damaged one. */
export async function openServedParts(
  source: ModelSource,
  cut: PartitionPlan,
  poolOptions: PoolOptions,
): Promise<ServedParts> {
  const versions = (await openServedVersions(source)).map((checkpoint) => {
    const parts = planPartition(checkpoint.manifest, cut);
    return { parts, weightsOf: createWeightLoader(checkpoint, parts) };
  });
  return {
    parts: versions[0]?.parts ?? [],
    startPools: (part) =>
      Promise.all(
        versions.map(async ({ weightsOf }) =>
          createInferencePool({ weights: await weightsOf(part), ...poolOptions }),
        ),
      ),
  };
}

/** What a process needs that turns songs into rows. Throws as `openServedParts` does. */
export async function loadModelDirectory(source: ModelSource): Promise<ModelDirectory> {
  const checkpoints = await openServedVersions(source);
  const vocabularies = await Promise.all(checkpoints.map(loadVocabulary));
  return {
    currentVersion: () => vocabularies[0]?.modelVersion,
    vocabularyFor: (version) => vocabularies.find(({ modelVersion }) => modelVersion === version),
  };
}

/** The promoted version first. */
async function openServedVersions(source: ModelSource): Promise<readonly Checkpoint[]> {
  const promoted = await source.promotedModel();
  if (promoted === undefined) {
    throw new AppError(
      "MODEL_NOT_LOADED",
      "No model is promoted; run `segue train` or `segue models promote VERSION`.",
    );
  }
  const previous = await source.previousModel();
  const versions = new Set([promoted.version, previous?.version ?? promoted.version]);
  return Promise.all(
    Array.from(versions, async (version) => openCheckpoint(await source.openModel(version))),
  );
}

function createWeightLoader(
  checkpoint: Checkpoint,
  parts: readonly ModelPart[],
): (part: ModelPart) => Promise<StageWeights> {
  const loaded = new Map<ModelPart, Promise<StageWeights>>();
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
