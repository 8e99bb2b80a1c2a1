/** Layers 2 to 5 without dropout: what every prefix of a session asks layer 6 for. */
import { type NetworkDimensions, TENSORS } from "@segue/model";

import { addLstmLayer, LSTM_TENSORS } from "./lstm-layer.ts";
import { addRnnLayer } from "./rnn-layer.ts";
import { SequenceGraph } from "./sequence-graph.ts";

/** Inputs weights and inputVectors [steps, batch, D]; output queries [steps * batch, D]. */
export function buildEncoderGraph(dimensions: NetworkDimensions): Uint8Array {
  const net = new SequenceGraph(dimensions);
  const { graph, math } = net;
  const rnn = addRnnLayer(net, "inputVectors");
  const lstm1 = addLstmLayer(net, LSTM_TENSORS[0], rnn.output);
  const lstm2 = addLstmLayer(net, LSTM_TENSORS[1], lstm1.output);
  const projection = [
    math.flatten(lstm2.output, dimensions.hidden),
    net.weight(TENSORS.projectionWeight),
    net.weight(TENSORS.projectionBias),
  ];
  graph.node("Gemm", projection, {}, "queries");
  graph.output("queries", ["places", dimensions.embedding]);
  return graph.buildModel("segue-encoder");
}
