/**
 * One training step's mathematics as an ONNX graph: forward through the six layers, the loss, and
 * all gradients by backpropagation through time, written out with ordinary operators
 * (onnxruntime has no automatic differentiation in Node).
 */
import type { NetworkDimensions } from "@segue/model";

import { denseLayoutFor } from "../weights/dense-layout.ts";
import { addLstmLayer, LSTM_TENSORS } from "./lstm-layer.ts";
import { addRnnLayer } from "./rnn-layer.ts";
import { addSampledSoftmax } from "./sampled-softmax.ts";
import { SequenceGraph } from "./sequence-graph.ts";

/** Dropout masks of the recurrent layers' outputs, each [1, batch, H]. */
export const HIDDEN_MASKS = ["rnnMask", "lstm1Mask", "lstm2Mask"] as const;

/** Outputs of the training graph; all but `loss` are gradients of the loss times `scale`. */
export const TRAINING_OUTPUTS = [
  "loss",
  "gradient",
  "inputGradient",
  "targetGradient",
  "targetBiasGradient",
  "negativeGradient",
  "negativeBiasGradient",
] as const;

/**
 * Inputs: weights (all dense ones, see dense-layout.ts), inputVectors and inputMask
 * [steps, batch, D], the hidden masks, and those of the sampled softmax. Output `gradient` is that
 * of the dense weights, `inputGradient` [steps, batch, D] that of the input vectors.
 */
export function buildTrainingGraph(dimensions: NetworkDimensions): Uint8Array {
  const { embedding, hidden } = dimensions;
  const net = new SequenceGraph(dimensions);
  const { graph, math } = net;
  const inputMask = graph.input("inputMask", ["steps", "batch", embedding]);
  const [rnnMask, lstm1Mask, lstm2Mask] = HIDDEN_MASKS.map((name) =>
    graph.input(name, [1, "batch", hidden]),
  );
  const input = math.multiply("inputVectors", inputMask);
  const rnn = addRnnLayer(net, input, rnnMask);
  const lstm1 = addLstmLayer(net, LSTM_TENSORS[0], rnn.output, lstm1Mask);
  const lstm2 = addLstmLayer(net, LSTM_TENSORS[1], lstm1.output, lstm2Mask);
  const hiddenGradient = addSampledSoftmax(net, lstm2.output);
  const inputGradient = rnn.backward(lstm1.backward(lstm2.backward(hiddenGradient)));
  graph.node("Mul", [inputGradient, inputMask], {}, "inputGradient");
  graph.output("inputGradient", ["steps", "batch", embedding]);
  net.flatGradient("gradient");
  graph.output("gradient", [denseLayoutFor(dimensions).size]);
  return graph.buildModel("segue-training");
}
