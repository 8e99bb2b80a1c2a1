/** Layers 3 and 4: an LSTM (gate blocks i, f, g, o) with a residual path, and its backward pass. */
import { TENSORS } from "@segue/model";

import type { SequenceGraph, SequenceLayer } from "./sequence-graph.ts";
import type { TensorMath } from "./tensor-math.ts";

export interface LstmTensors {
  readonly input: string;
  readonly recurrent: string;
  readonly bias: string;
}

export const LSTM_TENSORS: readonly [LstmTensors, LstmTensors] = [
  { input: TENSORS.lstm1Input, recurrent: TENSORS.lstm1Recurrent, bias: TENSORS.lstm1Bias },
  { input: TENSORS.lstm2Input, recurrent: TENSORS.lstm2Recurrent, bias: TENSORS.lstm2Bias },
];

/** What the forward loop keeps of every step for the backward pass, each [steps, batch, hidden]. */
interface LstmTrace {
  readonly states: string;
  readonly cells: string;
  readonly inputGate: string;
  readonly forgetGate: string;
  readonly candidate: string;
  readonly outputGate: string;
  readonly cellTanh: string;
}

/**
 * @param input [steps, batch, hidden]
 * @param mask [1, batch, hidden]: dropout, the same units at every step; none when absent
 */
export function addLstmLayer(
  net: SequenceGraph,
  tensors: LstmTensors,
  input: string,
  mask?: string,
): SequenceLayer {
  const { math } = net;
  const { hidden } = net.dimensions;
  const inputWeight = net.weight(tensors.input);
  const flatInput = math.flatten(input, hidden);
  const drive = net.unflatten(
    math.gemm([flatInput, inputWeight, net.weight(tensors.bias)]),
    4 * hidden,
  );
  const trace = runForward(net, net.weight(tensors.recurrent), drive);
  const kept = mask === undefined ? trace.states : math.multiply(trace.states, mask);
  return {
    output: math.add(kept, input),
    backward(outputGradient) {
      const stateGradient =
        mask === undefined ? outputGradient : math.multiply(outputGradient, mask);
      const driveGradient = runBackward(net, net.weight(tensors.recurrent), trace, stateGradient);
      const flat = math.flatten(driveGradient, 4 * hidden);
      const before = math.flatten(net.previous(trace.states), hidden);
      net.setGradient(tensors.input, math.gemm([flatInput, flat], { transA: 1 }));
      net.setGradient(tensors.recurrent, math.gemm([before, flat], { transA: 1 }));
      net.setGradient(tensors.bias, math.sumRows(flat));
      const inputGradient = net.unflatten(math.gemm([flat, inputWeight], { transB: 1 }), hidden);
      return math.add(inputGradient, outputGradient);
    },
  };
}

function runForward(net: SequenceGraph, recurrentWeight: string, drive: string): LstmTrace {
  const { hidden } = net.dimensions;
  const wide = (name: string) => ({ name, width: hidden });
  const outputs = net.loop(
    [hidden, hidden],
    [{ name: drive, width: 4 * hidden }],
    false,
    (step, [state = "", cell = ""], [stepDrive = ""]) => {
      const { graph } = step;
      const [i, f, g, o] = gates(step, step.gemm([state, recurrentWeight, stepDrive]), hidden);
      const nextCell = step.add(step.multiply(f, cell), step.multiply(i, g));
      const cellTanh = graph.node("Tanh", [nextCell]);
      const next = step.multiply(o, cellTanh);
      const copies = [next, nextCell].map((name) => graph.node("Identity", [name]));
      return {
        nextStates: [wide(next), wide(nextCell)],
        outputs: [...copies, i, f, g, o, cellTanh].map(wide),
      };
    },
  );
  const [states = "", cells = "", inputGate = "", forgetGate = ""] = outputs;
  const [candidate = "", outputGate = "", cellTanh = ""] = outputs.slice(4);
  return { states, cells, inputGate, forgetGate, candidate, outputGate, cellTanh };
}

function gates(
  step: TensorMath,
  activation: string,
  hidden: number,
): [string, string, string, string] {
  const { graph } = step;
  const [i = "", f = "", g = "", o = ""] = graph.nodes(
    "Split",
    [activation, graph.int64s([hidden, hidden, hidden, hidden])],
    graph.names(4),
    { axis: 1 },
  );
  return [
    graph.node("Sigmoid", [i]),
    graph.node("Sigmoid", [f]),
    graph.node("Tanh", [g]),
    graph.node("Sigmoid", [o]),
  ];
}

/**
 * Everything that does not depend on the next step's gradient is computed for all steps at once;
 * the loop keeps five products, two sums and one matrix product.
 */
function runBackward(
  net: SequenceGraph,
  recurrentWeight: string,
  trace: LstmTrace,
  stateGradient: string,
): string {
  const { math } = net;
  const { hidden } = net.dimensions;
  const { inputGate: i, forgetGate: f, candidate: g, outputGate: o, cellTanh } = trace;
  const slopes = [
    math.multiply(o, math.complement(math.square(cellTanh))),
    math.multiply(math.multiply(g, i), math.complement(i)),
    math.multiply(math.multiply(net.previous(trace.cells), f), math.complement(f)),
    math.multiply(i, math.complement(math.square(g))),
    math.multiply(math.multiply(cellTanh, o), math.complement(o)),
  ];
  const transposed = math.transpose(recurrentWeight);
  const sequences = [stateGradient, ...slopes, f].map((name) => ({ name, width: hidden }));
  const [driveGradient = ""] = net.loop(
    [hidden, hidden],
    sequences,
    true,
    (step, [laterState = "", laterCell = ""], inputs) => {
      const [own = "", toCell = "", toI = "", toF = "", toG = "", toO = "", forget = ""] = inputs;
      const state = step.add(own, laterState);
      const cell = step.add(step.multiply(state, toCell), laterCell);
      const drives = step.concat(
        [
          step.multiply(cell, toI),
          step.multiply(cell, toF),
          step.multiply(cell, toG),
          step.multiply(state, toO),
        ],
        1,
      );
      return {
        nextStates: [
          { name: step.matrixProduct(drives, transposed), width: hidden },
          { name: step.multiply(cell, forget), width: hidden },
        ],
        outputs: [{ name: step.graph.node("Identity", [drives]), width: 4 * hidden }],
      };
    },
  );
  return driveGradient;
}
