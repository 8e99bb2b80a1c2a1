/** Checks what a stage is asked, so that one bad message fails alone and not its micro-batch. */
import { AppError } from "@segue/errors";

import type { ModelManifest } from "../checkpoint/manifest.ts";
import { LAST_STATE_LAYER } from "../network/layer-graph.ts";
import type { ModelPart } from "../partition/plan-partition.ts";
import type { StageInput } from "./stage-run.ts";

/** Throws REQUEST_INVALID that says what does not fit. */
export function assertStageInput(
  input: StageInput,
  part: ModelPart,
  { dimensions, songCount, version }: Pick<ModelManifest, "dimensions" | "songCount" | "version">,
): void {
  const problem =
    problemOfVariants(input.variants, songCount) ??
    (part.layerFirst === 1 ? null : problemOfActivations(input, part, dimensions)) ??
    problemOfCandidates(input.candidates);
  if (problem !== null) {
    throw new AppError(
      "REQUEST_INVALID",
      `Stage ${part.stage} of model ${version} cannot run: ${problem}; send rows and activations of this very model version`,
    );
  }
}

function problemOfVariants(variants: readonly Uint32Array[], songCount: number): string | null {
  if (variants.length === 0) return "there is no sequence";
  for (const [index, rows] of variants.entries()) {
    if (rows.length === 0) return `sequence ${index} is empty`;
    const unknown = rows.find((row) => row >= songCount);
    if (unknown !== undefined) return `row ${unknown} is not one of its ${songCount}`;
  }
  return null;
}

function problemOfActivations(
  { variants, activations }: StageInput,
  { layerFirst }: ModelPart,
  { embedding, hidden }: ModelManifest["dimensions"],
): string | null {
  if (activations === undefined) return `there are no activations for layer ${layerFirst}`;
  const width = layerFirst === 2 || layerFirst === 6 ? embedding : hidden;
  const longest = Math.max(...variants.map((rows) => rows.length));
  const steps = layerFirst > LAST_STATE_LAYER ? 1 : longest;
  const expected = variants.length * steps * width;
  const isFit =
    activations.width === width &&
    activations.steps === steps &&
    activations.data.length === expected;
  if (isFit) return null;
  return `the activations are [${activations.steps} steps, ${activations.width}] with ${activations.data.length} numbers, not [${steps}, ${width}] with ${expected}`;
}

function problemOfCandidates(candidates: number): string | null {
  const isCount = Number.isSafeInteger(candidates) && candidates >= 0;
  return isCount ? null : `${candidates} is no number of candidates`;
}
