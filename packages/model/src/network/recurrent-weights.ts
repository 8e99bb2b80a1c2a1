/**
 * Turns LSTM weights of a checkpoint ([in, out], gates i, f, g, o, one bias) into those of ONNX LSTM
 * ([1, out, in], gates i, o, f, c, an input and a recurrent bias).
 */

/** For each gate block of ONNX LSTM, the block of ours that it takes. */
const GATES = [0, 3, 1, 2] as const;

export interface RecurrentWeights {
  /** [in, gates x hidden]; an LSTM has four gates, a simple RNN counts as one. */
  readonly input: Float32Array;
  /** [hidden, gates x hidden] */
  readonly recurrent: Float32Array;
  /** [gates x hidden] */
  readonly bias: Float32Array;
}

export interface OnnxWeight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Named as the operator names them. */
export interface OnnxLstmWeights {
  readonly w: OnnxWeight;
  readonly r: OnnxWeight;
  readonly b: OnnxWeight;
}

export function toOnnxLstmWeights(
  { input, recurrent, bias }: RecurrentWeights,
  hidden: number,
): OnnxLstmWeights {
  const width = GATES.length * hidden;
  const b = new Float32Array(2 * width);
  GATES.forEach((gate, block) => {
    b.set(bias.subarray(gate * hidden, (gate + 1) * hidden), block * hidden);
  });
  return {
    w: { data: transposeGates(input, hidden), shape: [1, width, input.length / width] },
    r: { data: transposeGates(recurrent, hidden), shape: [1, width, hidden] },
    b: { data: b, shape: [1, 2 * width] },
  };
}

function transposeGates(matrix: Float32Array, hidden: number): Float32Array {
  const width = GATES.length * hidden;
  const inputWidth = matrix.length / width;
  const transposed = new Float32Array(matrix.length);
  GATES.forEach((gate, block) => {
    for (let unit = 0; unit < hidden; unit++) {
      const start = (block * hidden + unit) * inputWidth;
      for (let row = 0; row < inputWidth; row++) {
        transposed[start + row] = matrix[row * width + gate * hidden + unit] ?? 0;
      }
    }
  });
  return transposed;
}
