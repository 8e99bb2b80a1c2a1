/**
 * Writes the ONNX graph of any run of the layers 2 to 5: simple RNN, LSTM, LSTM, projection. Layers
 * 1 and 6 read the catalogue's matrix and are not in a graph: see song-vectors.ts and scoring.ts.
 */
import { invariant } from "@segue/errors";

import type { NetworkDimensions } from "../checkpoint/manifest.ts";
import { GraphBuilder, INT32, INT64 } from "../onnx/graph-builder.ts";
import { type RecurrentWeights, toOnnxLstmWeights } from "./recurrent-weights.ts";

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
  /** int32 [sequences]: steps of each sequence; padding behind them never moves a result. */
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
    const h = addRnn(graph, x, needed(weights.rnn), hidden);
    x = embedding === hidden ? graph.node("Add", [h, x]) : h;
  }
  if (has(3)) {
    x = graph.node("Add", [addLstm(graph, x, needed(weights.lstm1), hidden).sequence, x]);
  }
  if (has(4)) {
    const lastInput = graph.node("GatherND", [x, LAYER_GRAPH.lastSteps]);
    x = graph.node("Add", [addLstm(graph, x, needed(weights.lstm2), hidden).last, lastInput]);
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
  if (last > 2) graph.input(LAYER_GRAPH.lengths, ["sequences"], INT32);
  if (last >= LAST_STATE_LAYER) graph.input(LAYER_GRAPH.lastSteps, ["sequences", 2], INT64);
  const width = first === 2 ? embedding : hidden;
  return graph.input(LAYER_GRAPH.activations, ["steps", "sequences", width]);
}

/**
 * tanh(x W + b + h U) as one product over all steps and a Scan of what depends on the step before:
 * half the time of the RNN operator (0.31 against 0.69 ms for 9 sequences of 50 steps, 64 to 128
 * units, one core). For the LSTM it is the other way round.
 */
function addRnn(
  graph: GraphBuilder,
  input: string,
  { input: w, recurrent, bias }: RecurrentWeights,
  hidden: number,
): string {
  graph.floats("rnn_input", w, [w.length / hidden, hidden]);
  graph.floats("rnn_recurrent", recurrent, [hidden, hidden]);
  graph.floats("rnn_bias", bias, [hidden]);
  const product = graph.node("MatMul", [input, "rnn_input"]);
  const fromInput = graph.node("Add", [product, "rnn_bias"]);
  const sequences = graph.node("Shape", [input], { start: 1, end: 2 });
  const stateShape = graph.node("Concat", [sequences, graph.int64s([hidden])], { axis: 0 });
  const zero = graph.node("Expand", [graph.scalar(0), stateShape]);
  const step = new GraphBuilder("rnn_step_");
  step.input("rnn_before", ["sequences", hidden]);
  step.input("rnn_from_input", ["sequences", hidden]);
  const sum = step.node("Gemm", ["rnn_before", "rnn_recurrent", "rnn_from_input"]);
  step.output(step.node("Tanh", [sum], {}, "rnn_after"), ["sequences", hidden]);
  step.output(step.node("Identity", ["rnn_after"], {}, "rnn_state"), ["sequences", hidden]);
  const [last = "", states = ""] = graph.names(2);
  graph.nodes("Scan", [zero, fromInput], [last, states], { num_scan_inputs: 1, body: step });
  return states;
}

/** @returns `sequence` [steps, sequences, hidden] and `last` [sequences, hidden], of each one's end */
function addLstm(
  graph: GraphBuilder,
  input: string,
  weights: RecurrentWeights,
  hidden: number,
): { sequence: string; last: string } {
  const { w, r, b } = toOnnxLstmWeights(weights, hidden);
  const [name = "", sequence = "", last = ""] = graph.names(3);
  graph.floats(`${name}_w`, w.data, w.shape);
  graph.floats(`${name}_r`, r.data, r.shape);
  graph.floats(`${name}_b`, b.data, b.shape);
  graph.nodes(
    "LSTM",
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
