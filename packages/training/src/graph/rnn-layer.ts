/** Layer 2: h = tanh(x W + h U + b), with a residual path where input and output are equally wide. */
import { TENSORS } from "@segue/model";

import type { SequenceGraph, SequenceLayer } from "./sequence-graph.ts";

/**
 * @param input [steps, batch, embedding]
 * @param mask [1, batch, hidden]: dropout, the same units at every step; none when absent
 */
export function addRnnLayer(net: SequenceGraph, input: string, mask?: string): SequenceLayer {
  const { math } = net;
  const { embedding, hidden } = net.dimensions;
  const isResidual = embedding === hidden;
  const inputWeight = net.weight(TENSORS.rnnInput);
  const recurrentWeight = net.weight(TENSORS.rnnRecurrent);
  const flatInput = math.flatten(input, embedding);
  const drive = net.unflatten(
    math.gemm([flatInput, inputWeight, net.weight(TENSORS.rnnBias)]),
    hidden,
  );
  const [states = ""] = net.loop(
    [hidden],
    [{ name: drive, width: hidden }],
    false,
    (step, [state = ""], [stepDrive = ""]) => {
      const next = step.graph.node("Tanh", [step.gemm([state, recurrentWeight, stepDrive])]);
      return {
        nextStates: [{ name: next, width: hidden }],
        outputs: [{ name: step.graph.node("Identity", [next]), width: hidden }],
      };
    },
  );
  const kept = mask === undefined ? states : math.multiply(states, mask);
  return {
    output: isResidual ? math.add(kept, input) : kept,
    backward(outputGradient) {
      const stateGradient =
        mask === undefined ? outputGradient : math.multiply(outputGradient, mask);
      const transposed = math.transpose(recurrentWeight);
      const slope = math.complement(math.square(states));
      const [driveGradient = ""] = net.loop(
        [hidden],
        [
          { name: stateGradient, width: hidden },
          { name: slope, width: hidden },
        ],
        true,
        (step, [later = ""], [own = "", stepSlope = ""]) => {
          const gradient = step.multiply(step.add(own, later), stepSlope);
          return {
            nextStates: [{ name: step.matrixProduct(gradient, transposed), width: hidden }],
            outputs: [{ name: step.graph.node("Identity", [gradient]), width: hidden }],
          };
        },
      );
      const flat = math.flatten(driveGradient, hidden);
      const before = math.flatten(net.previous(states), hidden);
      net.setGradient(TENSORS.rnnInput, math.gemm([flatInput, flat], { transA: 1 }));
      net.setGradient(TENSORS.rnnRecurrent, math.gemm([before, flat], { transA: 1 }));
      net.setGradient(TENSORS.rnnBias, math.sumRows(flat));
      const inputGradient = net.unflatten(math.gemm([flat, inputWeight], { transB: 1 }), embedding);
      return isResidual ? math.add(inputGradient, outputGradient) : inputGradient;
    },
  };
}
