/**
 * Turns checkpoint weights ([in, out], gates i, f, g, o, one bias) into what the ONNX operators want
 * ([1, out, in], gates i, o, f, c, input and recurrent bias).
 */

/** For each gate block of ONNX LSTM, the block of ours that it takes. */
const LSTM_GATES = [0, 3, 1, 2] as const;
const RNN_GATES = [0] as const;

export interface RecurrentWeights {
  /** [in, gates x hidden] */
  readonly input: Float32Array;
  /** [hidden, gates x hidden] */
  readonly recurrent: Float32Array;
  /** [gates x hidden] */
  readonly bias: Float32Array;
}

/** @returns `W`, `R` and `B` of ONNX RNN */
export function toOnnxRnnWeights(weights: RecurrentWeights, hidden: number): OnnxWeights {
  return toOnnxWeights(weights, hidden, RNN_GATES);
}

/** @returns `W`, `R` and `B` of ONNX LSTM */
export function toOnnxLstmWeights(weights: RecurrentWeights, hidden: number): OnnxWeights {
  return toOnnxWeights(weights, hidden, LSTM_GATES);
}

export interface OnnxWeights {
  readonly w: OnnxWeight;
  readonly r: OnnxWeight;
  readonly b: OnnxWeight;
}

export interface OnnxWeight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

function toOnnxWeights(
  { input, recurrent, bias }: RecurrentWeights,
  hidden: number,
  gates: readonly number[],
): OnnxWeights {
  const width = gates.length * hidden;
  const inputWidth = input.length / width;
  const b = new Float32Array(2 * width);
  gates.forEach((gate, block) => {
    b.set(bias.subarray(gate * hidden, (gate + 1) * hidden), block * hidden);
  });
  return {
    w: { data: transposeBlocks(input, hidden, gates), shape: [1, width, inputWidth] },
    r: { data: transposeBlocks(recurrent, hidden, gates), shape: [1, width, hidden] },
    b: { data: b, shape: [1, 2 * width] },
  };
}

function transposeBlocks(
  matrix: Float32Array,
  hidden: number,
  gates: readonly number[],
): Float32Array {
  const width = gates.length * hidden;
  const inputWidth = matrix.length / width;
  const transposed = new Float32Array(matrix.length);
  gates.forEach((gate, block) => {
    for (let unit = 0; unit < hidden; unit++) {
      const start = (block * hidden + unit) * inputWidth;
      for (let row = 0; row < inputWidth; row++) {
        transposed[start + row] = matrix[row * width + gate * hidden + unit] ?? 0;
      }
    }
  });
  return transposed;
}
