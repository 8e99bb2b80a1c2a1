/**
 * Layers 5 and 6 and the loss: projection, then cross-entropy of the next song against negatives
 * that the whole batch shares. Target and negatives carry the same correction for how often they
 * are drawn (their biases come minus log Q); a negative that is the target itself is masked.
 */
import { INT32, TENSORS } from "@segue/model";

import type { SequenceGraph } from "./sequence-graph.ts";

const MASKED_LOGIT = -1e9;
/** Keeps the reported loss finite when the target's probability underflows. */
const PROBABILITY_MIN = 1e-38;

/**
 * Adds the inputs targetVectors [positions, D], targetBias [positions, 1], targetRows
 * [positions, 1], negativeVectors [negatives, D], negativeBias [1, negatives], negativeRows
 * [1, negatives], positions [positions] (places in the flattened batch) and scale (1 / positions),
 * and the outputs loss (summed), targetGradient, negativeGradient and their bias gradients.
 * @param hiddenSequence [steps, batch, H]
 * @returns gradient of the hidden sequence
 */
export function addSampledSoftmax(net: SequenceGraph, hiddenSequence: string): string {
  const { graph, math } = net;
  const { embedding, hidden } = net.dimensions;
  const scale = graph.input("scale", []);
  const target = graph.input("targetVectors", ["positions", embedding]);
  const negatives = graph.input("negativeVectors", ["negatives", embedding]);
  const positions = math.toInt64(graph.input("positions", ["positions"], INT32));
  const projection = net.weight(TENSORS.projectionWeight);

  const flat = math.flatten(hiddenSequence, hidden);
  const real = graph.node("Gather", [flat, positions], { axis: 0 });
  const query = math.gemm([real, projection, net.weight(TENSORS.projectionBias)]);
  const probabilities = softmax(net, query, target, negatives);

  const targetError = math.subtract(math.slice(probabilities, 1, 0, 1), graph.scalar(1));
  const scaledError = graph.node("Mul", [targetError, scale], {}, "targetBiasGradient");
  const scaledQuery = math.multiply(query, scale);
  // A zero row stands for the target's column, so that no [positions, negatives] part is copied.
  const zeroRow = graph.floats("noTarget", new Float32Array(embedding), [1, embedding]);
  const fromNegatives = math.matrixProduct(probabilities, math.concat([zeroRow, negatives], 0));
  const queryGradient = math.add(
    math.multiply(fromNegatives, scale),
    math.multiply(scaledError, target),
  );
  graph.node("Mul", [targetError, scaledQuery], {}, "targetGradient");
  const perColumn = math.gemm([probabilities, scaledQuery], { transA: 1 });
  const negativesOnly = (value: string, name: string) =>
    graph.node(
      "Slice",
      [value, graph.int64s([1]), graph.int64s([2 ** 40]), graph.int64s([0])],
      {},
      name,
    );
  negativesOnly(perColumn, "negativeGradient");
  negativesOnly(math.multiply(math.sumRows(probabilities), scale), "negativeBiasGradient");
  declareOutputs(net);

  net.setGradient(TENSORS.projectionWeight, math.gemm([real, queryGradient], { transA: 1 }));
  net.setGradient(TENSORS.projectionBias, math.sumRows(queryGradient));
  const realGradient = math.gemm([queryGradient, projection], { transB: 1 });
  const nothing = graph.node("ConstantOfShape", [graph.node("Shape", [flat])]);
  const places = graph.node("Unsqueeze", [positions, graph.int64s([1])]);
  return net.unflatten(graph.node("ScatterND", [nothing, places, realGradient]), hidden);
}

/** [positions, 1 + negatives]; column 0 is the target. Also makes the output `loss`. */
function softmax(net: SequenceGraph, query: string, target: string, negatives: string): string {
  const { graph, math } = net;
  const targetRows = graph.input("targetRows", ["positions", 1], INT32);
  const negativeRows = graph.input("negativeRows", [1, "negatives"], INT32);
  const targetLogit = math.add(
    graph.node("ReduceSum", [math.multiply(query, target), graph.int64s([1])], { keepdims: 1 }),
    graph.input("targetBias", ["positions", 1]),
  );
  const negativeLogits = graph.node("Where", [
    graph.node("Equal", [targetRows, negativeRows]),
    graph.scalar(MASKED_LOGIT),
    math.gemm([query, negatives, graph.input("negativeBias", [1, "negatives"])], { transB: 1 }),
  ]);
  const probabilities = graph.node("Softmax", [math.concat([targetLogit, negativeLogits], 1)], {
    axis: 1,
  });
  const ofTarget = graph.node("Max", [
    math.slice(probabilities, 1, 0, 1),
    graph.scalar(PROBABILITY_MIN),
  ]);
  const logSum = graph.node("ReduceSum", [graph.node("Log", [ofTarget])], { keepdims: 0 });
  graph.node("Neg", [logSum], {}, "loss");
  return probabilities;
}

function declareOutputs({ graph, dimensions }: SequenceGraph): void {
  graph.output("loss", []);
  graph.output("targetGradient", ["positions", dimensions.embedding]);
  graph.output("targetBiasGradient", ["positions", 1]);
  graph.output("negativeGradient", ["negatives", dimensions.embedding]);
  graph.output("negativeBiasGradient", ["negatives"]);
}
