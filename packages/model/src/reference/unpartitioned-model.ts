/**
 * The same network as one onnxruntime session of all six layers: the reference that every cut is
 * compared with, in answers and in speed. The catalogue's matrix is an input here too: as an
 * initializer it would be packed, which makes the scoring of one query twice as slow (2.0 against
 * 0.9 ms for 100,000 rows). Computes on the calling thread.
 */
import { invariant } from "@segue/errors";

import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { LAYER_COUNT } from "../checkpoint/manifest.ts";
import type { ScoredRows, StageInput } from "../inference/stage-run.ts";
import { addLayers, LAYER_GRAPH } from "../network/layer-graph.ts";
import { type CatalogueRange, rescore, SPARE_CANDIDATES } from "../network/scoring.ts";
import { lastStepsOf } from "../network/sequence-batch.ts";
import { TopRows } from "../network/top-rows.ts";
import { GraphBuilder, INT32, INT64 } from "../onnx/graph-builder.ts";
import { createSession, type InputTensor } from "../onnx/session.ts";
import { planPartition } from "../partition/plan-partition.ts";
import { loadStageWeights, type StageWeights } from "../partition/stage-weights.ts";

export interface UnpartitionedModel {
  run(input: Omit<StageInput, "activations">): Promise<ScoredRows>;
  close(): Promise<void>;
}

export async function createUnpartitionedModel(
  checkpoint: Checkpoint,
  threads = 1,
): Promise<UnpartitionedModel> {
  const [part] = planPartition(checkpoint.manifest, { stages: 1, shards: 1 });
  invariant(part !== undefined, "a model in one stage has one part");
  const weights = await loadStageWeights(checkpoint, part);
  const { catalogue, manifest } = weights;
  invariant(catalogue !== null, "a model in one stage scores the catalogue");
  const session = await createSession(buildWholeGraph(weights), {
    threads,
    title: `the whole of ${manifest.version}`,
  });
  return {
    async run(input) {
      const { queries, scores } = await session.run(
        { ...catalogueFeeds(catalogue), ...sequenceFeeds(input.variants) },
        ["queries", "scores"],
      );
      const top = new TopRows(
        Math.min(input.candidates + SPARE_CANDIDATES, manifest.songCount),
        new Set(input.maskedRows),
      );
      top.offer(scores.data, 0, 1, 0, manifest.songCount);
      const request = { ...input, queries: queries.data };
      return rescore(request, top.rows(), catalogue, manifest.dimensions.embedding);
    },
    close: () => session.close(),
  };
}

/** Inputs: the catalogue's, `rows` [steps, sequences], and those of LAYER_GRAPH; scores of sequence 0 only. */
function buildWholeGraph({ manifest, layers }: StageWeights): Uint8Array {
  const { dimensions, songCount } = manifest;
  const graph = new GraphBuilder();
  graph.input("rows", ["steps", "sequences"], INT64);
  graph.input(LAYER_GRAPH.lengths, ["sequences"], INT32);
  graph.input(LAYER_GRAPH.lastSteps, ["sequences", 2], INT64);
  graph.input("song_vectors", [songCount, dimensions.embedding]);
  graph.input("scoring_bias", [songCount]);
  const embedded = graph.node("Gather", ["song_vectors", "rows"]);
  const inside = { first: 2, last: LAYER_COUNT - 1 };
  const projected = addLayers(graph, layers, dimensions, inside, embedded);
  const queries = graph.node("Identity", [projected], {}, "queries");
  const first = graph.node("Slice", [queries, graph.int64s([0]), graph.int64s([1])]);
  graph.node("Gemm", [first, "song_vectors", "scoring_bias"], { transB: 1 }, "scores");
  graph.output("queries", ["sequences", dimensions.embedding]);
  graph.output("scores", [1, songCount]);
  return graph.buildModel(`segue ${manifest.version}`);
}

function catalogueFeeds({ songVectors, bias }: CatalogueRange): Record<string, InputTensor> {
  const songCount = bias.length;
  return {
    song_vectors: { data: songVectors, shape: [songCount, songVectors.length / songCount] },
    scoring_bias: { data: bias, shape: [songCount] },
  };
}

function sequenceFeeds(variants: readonly Uint32Array[]): Record<string, InputTensor> {
  const sequences = variants.length;
  const lengths = Int32Array.from(variants, (rows) => rows.length);
  const steps = Math.max(...lengths);
  const rows = new BigInt64Array(steps * sequences);
  variants.forEach((variant, sequence) => {
    variant.forEach((row, step) => {
      rows[step * sequences + sequence] = BigInt(row);
    });
  });
  return {
    rows: { data: rows, shape: [steps, sequences] },
    [LAYER_GRAPH.lengths]: { data: lengths, shape: [sequences] },
    [LAYER_GRAPH.lastSteps]: { data: lastStepsOf(lengths), shape: [sequences, 2] },
  };
}
