/** Cuts a model into stages (runs of layers) and the last of them into shards (catalogue ranges). */
import { AppError } from "@segue/errors";

import { LAYER_COUNT, type ModelManifest } from "../checkpoint/manifest.ts";

/** What one compute node serves. */
export interface ModelPart {
  /** From 1. */
  readonly stage: number;
  readonly stageCount: number;
  readonly layerFirst: number;
  readonly layerLast: number;
  /** From 0; only the last stage has more than one. */
  readonly shard: number;
  readonly shardCount: number;
  /** Rows that this part scores: `rowStart` to `rowEnd`, not included; all where it scores none. */
  readonly rowStart: number;
  readonly rowEnd: number;
}

export interface PartitionPlan {
  /** A number of stages, or the layers after which to cut, such as [2, 4]. */
  readonly stages: number | readonly number[];
  readonly shards: number;
}

/**
 * Where to cut unless told otherwise. Layers 3 and 4 take two thirds of the time; behind layer 4
 * only last states travel, so that is the first place to cut.
 */
const DEFAULT_CUTS: Readonly<Record<number, readonly number[]>> = {
  1: [],
  2: [4],
  3: [2, 4],
  4: [2, 3, 4],
  5: [1, 2, 3, 4],
  6: [1, 2, 3, 4, 5],
};

/** Every part of the model, by stage, then shard. Throws CONFIG_INVALID for an impossible plan. */
export function planPartition(
  manifest: Pick<ModelManifest, "songCount">,
  { stages, shards }: PartitionPlan,
): ModelPart[] {
  const cuts = parseCuts(stages);
  const { songCount } = manifest;
  if (!Number.isInteger(shards) || shards < 1 || shards > songCount) {
    throw new AppError(
      "CONFIG_INVALID",
      `A model of ${songCount} songs cannot be cut into ${shards} shards; ask for 1 to ${songCount}`,
    );
  }
  const stageCount = cuts.length + 1;
  return Array.from({ length: stageCount }, (_, index) => {
    const shardCount = index === stageCount - 1 ? shards : 1;
    return Array.from({ length: shardCount }, (_, shard) => ({
      stage: index + 1,
      stageCount,
      layerFirst: (cuts[index - 1] ?? 0) + 1,
      layerLast: cuts[index] ?? LAYER_COUNT,
      shard,
      shardCount,
      rowStart: Math.floor((songCount * shard) / shardCount),
      rowEnd: Math.floor((songCount * (shard + 1)) / shardCount),
    }));
  }).flat();
}

function parseCuts(stages: number | readonly number[]): readonly number[] {
  const cuts = typeof stages === "number" ? DEFAULT_CUTS[stages] : stages;
  const isAscending = cuts?.every(
    (cut, index) => Number.isInteger(cut) && cut > (cuts[index - 1] ?? 0) && cut < LAYER_COUNT,
  );
  if (cuts === undefined || isAscending !== true) {
    throw new AppError(
      "CONFIG_INVALID",
      `Six layers cannot be cut into stages by ${JSON.stringify(stages)}; give 1 to 6 stages, or ascending layers from 1 to 5 after which to cut`,
    );
  }
  return cuts;
}
