/**
 * Runs one part of the model on micro-batches. Computes on the calling thread: serving does this in
 * worker threads only (see inference/inference-pool.ts).
 */
import { invariant } from "@segue/errors";

import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { StageInput, StageOutput } from "../inference/stage-run.ts";
import { buildLayerGraph, LAST_STATE_LAYER, LAYER_GRAPH } from "../network/layer-graph.ts";
import { createScorer, type Scorer } from "../network/scoring.ts";
import {
  gatherSongVectors,
  lastStepsOf,
  packActivations,
  type SequenceBatch,
  unpackActivations,
} from "../network/sequence-batch.ts";
import { createSession, type InputTensor, type OnnxSession } from "../onnx/session.ts";
import type { ModelPart } from "./plan-partition.ts";
import { loadStageWeights, type StageWeights } from "./stage-weights.ts";

export interface StageRunner {
  readonly part: ModelPart;
  run(input: StageInput): Promise<StageOutput>;
  /** Several requests together; outputs in the order of the inputs. */
  runBatch(inputs: readonly StageInput[]): Promise<StageOutput[]>;
  close(): Promise<void>;
}

export async function loadStage(checkpoint: Checkpoint, part: ModelPart): Promise<StageRunner> {
  return createStageRunner(await loadStageWeights(checkpoint, part));
}

export async function createStageRunner(
  weights: StageWeights,
  threads?: number,
): Promise<StageRunner> {
  const { part, manifest } = weights;
  const { embedding } = manifest.dimensions;
  const layers = await createLayerRunner(weights, threads);
  const scorer =
    weights.catalogue === null ? null : await createScorer(weights.catalogue, embedding, threads);

  async function runBatch(inputs: readonly StageInput[]): Promise<StageOutput[]> {
    if (inputs.length === 0) return [];
    const batch = await layers.run(firstBatch(weights, inputs));
    if (scorer !== null) return scoreBatch(scorer, batch, inputs);
    const counts = inputs.map(({ variants }) => variants.length);
    return unpackActivations(batch, counts).map((activations) => ({
      kind: "activations",
      activations,
    }));
  }

  return {
    part,
    runBatch,
    async run(input) {
      const [output] = await runBatch([input]);
      invariant(output !== undefined, "a batch of one input has one output");
      return output;
    },
    async close() {
      await layers.close();
      await scorer?.close();
    },
  };
}

/** Layer 1 is a plain copy of rows: in a graph it would need the matrix as an input of every run. */
function firstBatch(
  { part, manifest, songVectors }: StageWeights,
  inputs: readonly StageInput[],
): SequenceBatch {
  if (songVectors !== null) {
    const sequences = inputs.flatMap(({ variants }) => variants);
    return gatherSongVectors(songVectors, manifest.dimensions.embedding, sequences);
  }
  const parts = inputs.map(({ variants, activations }) => {
    invariant(activations !== undefined, "every stage but the first is given activations");
    return { variants, activations };
  });
  return packActivations(parts, part.layerFirst > LAST_STATE_LAYER);
}

interface LayerRunner {
  run(batch: SequenceBatch): Promise<SequenceBatch>;
  close(): Promise<void>;
}

async function createLayerRunner(
  { part, manifest, layers }: StageWeights,
  threads?: number,
): Promise<LayerRunner> {
  const { embedding, hidden } = manifest.dimensions;
  const first = Math.max(part.layerFirst, 2);
  const last = Math.min(part.layerLast, 5);
  if (first > last) {
    return { run: (batch) => Promise.resolve(batch), close: () => Promise.resolve() };
  }
  const session: OnnxSession = await createSession(
    buildLayerGraph(layers, manifest.dimensions, { first, last }),
    { threads: threads ?? 1, title: `layers ${first} to ${last} of ${manifest.version}` },
  );
  const width = last === 5 ? embedding : hidden;
  return {
    async run(batch) {
      const { result } = await session.run(layerFeeds(batch, { first, last }), [
        LAYER_GRAPH.result,
      ]);
      if (last < LAST_STATE_LAYER) return { ...batch, width, data: result.data };
      const lengths = new Int32Array(batch.sequences).fill(1);
      return { steps: 1, sequences: batch.sequences, width, lengths, data: result.data };
    },
    close: () => session.close(),
  };
}

function layerFeeds(
  batch: SequenceBatch,
  { first, last }: { readonly first: number; readonly last: number },
): Record<string, InputTensor> {
  const { steps, sequences, width, lengths, data } = batch;
  if (first === 5) return { [LAYER_GRAPH.activations]: { data, shape: [sequences, width] } };
  const feeds: Record<string, InputTensor> = {
    [LAYER_GRAPH.activations]: { data, shape: [steps, sequences, width] },
  };
  if (last > 2) feeds[LAYER_GRAPH.lengths] = { data: lengths, shape: [sequences] };
  if (last >= LAST_STATE_LAYER) {
    feeds[LAYER_GRAPH.lastSteps] = { data: lastStepsOf(lengths), shape: [sequences, 2] };
  }
  return feeds;
}

async function scoreBatch(
  scorer: Scorer,
  { width, data }: SequenceBatch,
  inputs: readonly StageInput[],
): Promise<StageOutput[]> {
  let first = 0;
  const requests = inputs.map(({ variants, maskedRows, candidates }) => {
    const queries = data.subarray(first * width, (first + variants.length) * width);
    first += variants.length;
    return { queries, maskedRows, candidates };
  });
  const scored = await scorer.score(requests);
  return scored.map((rows) => ({ kind: "scored", scored: rows }));
}
