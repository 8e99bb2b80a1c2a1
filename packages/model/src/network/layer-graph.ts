/**
 * Writes the ONNX graph of any run of the layers 2 to 5: simple RNN, LSTM, LSTM, projection. Layers
 * 1 and 6 read the catalogue's matrix and are not in a graph: see song-vectors.ts and scoring.ts.
 */
import { invariant } from "@segue/errors";

import type { NetworkDimensions } from "../checkpoint/manifest.ts";
import { GraphBuilder, INT32, INT64 } from "../onnx/graph-builder.ts";
import {
  type OnnxWeights,
  type RecurrentWeights,
  toOnnxLstmWeights,
  toOnnxRnnWeights,
} from "./recurrent-weights.ts";

/** Weights of the layers 2 to 5, as far as they are needed. */
export interface LayerWeights {
  readonly rnn?: RecurrentWeights;
  readonly lstm1?: RecurrentWeights;
  readonly lstm2?: RecurrentWeights;
  /** `weight` is [hidden, embedding]. */
  readonly projection?: { readonly weight: Float32Array; readonly bias: Float32Array };
}

/** Names in every layer graph. */
export const LAYER_GRAPH = {
  /** [steps, sequences, width]; [sequences, hidden] for a graph of layer 5 alone. */
  activations: "activations",
  /** int32 [sequences]: steps of each sequence; padding never moves a state. */
  lengths: "lengths",
  /** int64 [sequences, 2]: (last step, sequence) pairs; only where layer 4 is inside. */
  lastSteps: "last_steps",
  /** Same layout as the input; [sequences, width] once layer 4 is inside. */
  result: "result",
} as const;

/** Layer 4 hands over its last real step only; nothing after it reads the others. */
export const LAST_STATE_LAYER = 4;

export function buildLayerGraph(
  weights: LayerWeights,
  dimensions: NetworkDimensions,
  layers: { readonly first: number; readonly last: number },
): Uint8Array {
  const { first, last } = layers;
  invariant(first >= 2 && first <= last && last <= 5, "a layer graph holds layers of 2 to 5");
  const graph = new GraphBuilder();
  const result = addLayers(
    graph,
    weights,
    dimensions,
    layers,
    declareInputs(graph, dimensions, layers),
  );
  const width = last === 5 ? dimensions.embedding : dimensions.hidden;
  graph.node("Identity", [result], {}, LAYER_GRAPH.result);
  graph.output(
    LAYER_GRAPH.result,
    last >= LAST_STATE_LAYER ? ["sequences", width] : ["steps", "sequences", width],
  );
  return graph.buildModel(`segue layers ${first} to ${last}`);
}

/** Adds the layers to a graph that has the inputs of LAYER_GRAPH; returns the last one's output. */
export function addLayers(
  graph: GraphBuilder,
  weights: LayerWeights,
  dimensions: NetworkDimensions,
  layers: { readonly first: number; readonly last: number },
  activations: string,
): string {
  const { hidden, embedding } = dimensions;
  const has = (layer: number) => layers.first <= layer && layer <= layers.last;
  let x = activations;
  if (has(2)) {
    const onnx = toOnnxRnnWeights(needed(weights.rnn), hidden);
    const h = addRecurrence(graph, "RNN", x, onnx, hidden).sequence;
    x = embedding === hidden ? graph.node("Add", [h, x]) : h;
  }
  if (has(3)) {
    const onnx = toOnnxLstmWeights(needed(weights.lstm1), hidden);
    x = graph.node("Add", [addRecurrence(graph, "LSTM", x, onnx, hidden).sequence, x]);
  }
  if (has(4)) {
    const onnx = toOnnxLstmWeights(needed(weights.lstm2), hidden);
    const lastInput = graph.node("GatherND", [x, LAYER_GRAPH.lastSteps]);
    x = graph.node("Add", [addRecurrence(graph, "LSTM", x, onnx, hidden).last, lastInput]);
  }
  if (has(5)) {
    const { weight, bias } = needed(weights.projection);
    graph.floats("projection_weight", weight, [hidden, embedding]);
    graph.floats("projection_bias", bias, [embedding]);
    x = graph.node("Gemm", [x, "projection_weight", "projection_bias"]);
  }
  return x;
}

function declareInputs(
  graph: GraphBuilder,
  { embedding, hidden }: NetworkDimensions,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  if (first === 5) return graph.input(LAYER_GRAPH.activations, ["sequences", hidden]);
  graph.input(LAYER_GRAPH.lengths, ["sequences"], INT32);
  if (last >= LAST_STATE_LAYER) graph.input(LAYER_GRAPH.lastSteps, ["sequences", 2], INT64);
  const width = first === 2 ? embedding : hidden;
  return graph.input(LAYER_GRAPH.activations, ["steps", "sequences", width]);
}

/** @returns `sequence` [steps, sequences, hidden], zero behind each length, and `last` [sequences, hidden] */
function addRecurrence(
  graph: GraphBuilder,
  operator: "RNN" | "LSTM",
  input: string,
  { w, r, b }: OnnxWeights,
  hidden: number,
): { sequence: string; last: string } {
  const [name = "", sequence = "", last = ""] = graph.names(3);
  graph.floats(`${name}_w`, w.data, w.shape);
  graph.floats(`${name}_r`, r.data, r.shape);
  graph.floats(`${name}_b`, b.data, b.shape);
  graph.nodes(
    operator,
    [input, `${name}_w`, `${name}_r`, `${name}_b`, LAYER_GRAPH.lengths],
    [sequence, last],
    { hidden_size: hidden },
  );
  return {
    sequence: graph.node("Squeeze", [sequence, graph.int64s([1])]),
    last: graph.node("Squeeze", [last, graph.int64s([0])]),
  };
}

function needed<T>(weights: T | undefined): T {
  invariant(weights !== undefined, "the weights of every layer in the graph are loaded");
  return weights;
}
