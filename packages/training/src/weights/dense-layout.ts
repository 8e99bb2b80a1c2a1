/**
 * All dense weights live in one vector, so that the graph, the gradient norm, the optimiser and the
 * training state each handle one array. This says where each tensor lies in it.
 */
import { type NetworkDimensions, TENSORS, type TensorName } from "@segue/model";

import type { Random } from "../random.ts";

export interface DensePart {
  /** Name of the tensor in a checkpoint. */
  readonly name: TensorName;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

export interface DenseLayout {
  readonly parts: readonly DensePart[];
  readonly size: number;
}

export function denseLayoutFor({ embedding, hidden }: NetworkDimensions): DenseLayout {
  const gates = 4 * hidden;
  const shapes: [TensorName, number[]][] = [
    [TENSORS.rnnInput, [embedding, hidden]],
    [TENSORS.rnnRecurrent, [hidden, hidden]],
    [TENSORS.rnnBias, [hidden]],
    [TENSORS.lstm1Input, [hidden, gates]],
    [TENSORS.lstm1Recurrent, [hidden, gates]],
    [TENSORS.lstm1Bias, [gates]],
    [TENSORS.lstm2Input, [hidden, gates]],
    [TENSORS.lstm2Recurrent, [hidden, gates]],
    [TENSORS.lstm2Bias, [gates]],
    [TENSORS.projectionWeight, [hidden, embedding]],
    [TENSORS.projectionBias, [embedding]],
  ];
  let offset = 0;
  const parts = shapes.map(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    offset += size;
    return { name, shape, offset: offset - size, size };
  });
  return { parts, size: offset };
}

/** The part of the vector that holds one tensor, without a copy. */
export function densePart(weights: Float32Array, part: DensePart): Float32Array {
  return weights.subarray(part.offset, part.offset + part.size);
}

/** Uniform within 1 / sqrt(hidden units) as PyTorch does; biases zero, but 1 for the forget gates. */
export function initialDenseWeights(
  layout: DenseLayout,
  { hidden }: NetworkDimensions,
  random: Random,
): Float32Array {
  const weights = new Float32Array(layout.size);
  const bound = 1 / Math.sqrt(hidden);
  for (const part of layout.parts) {
    const values = densePart(weights, part);
    if (part.shape.length === 2) {
      for (let index = 0; index < part.size; index++) {
        values[index] = (random.unit() * 2 - 1) * bound;
      }
    } else if (part.size === 4 * hidden) {
      values.fill(1, hidden, 2 * hidden);
    }
  }
  return weights;
}
