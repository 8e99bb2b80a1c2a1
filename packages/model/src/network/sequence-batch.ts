/** The sequences of a micro-batch side by side, and the way from and to activations by request. */

import type { ActivationBatch } from "../inference/stage-run.ts";

/** Step-major, as the recurrent operators read it. */
export interface SequenceBatch {
  readonly steps: number;
  readonly sequences: number;
  readonly width: number;
  /** Real steps of each sequence. */
  readonly lengths: Int32Array;
  /** [steps, sequences, width]; what is behind a sequence's length means nothing. */
  readonly data: Float32Array;
}

/** Layer 1: the vector of each row of each sequence. */
export function gatherSongVectors(
  songVectors: Float32Array,
  width: number,
  sequences: readonly Uint32Array[],
): SequenceBatch {
  const batch = createSequenceBatch(
    sequences.map((rows) => rows.length),
    width,
  );
  sequences.forEach((rows, sequence) => {
    rows.forEach((row, step) => {
      const target = (step * sequences.length + sequence) * width;
      batch.data.set(songVectors.subarray(row * width, (row + 1) * width), target);
    });
  });
  return batch;
}

/** One request's part of a micro-batch. */
export interface ActivationPart {
  readonly variants: readonly Uint32Array[];
  readonly activations: ActivationBatch;
}

/** @param areLastStates true behind layer 4: one step a sequence, however long it was */
export function packActivations(
  parts: readonly ActivationPart[],
  areLastStates: boolean,
): SequenceBatch {
  const width = parts[0]?.activations.width ?? 0;
  const lengths = parts.flatMap(({ variants }) =>
    variants.map((rows) => (areLastStates ? 1 : rows.length)),
  );
  const batch = createSequenceBatch(lengths, width);
  let first = 0;
  for (const { variants, activations } of parts) {
    const { steps, data } = activations;
    variants.forEach((rows, variant) => {
      const length = areLastStates ? 1 : rows.length;
      for (let step = 0; step < length; step++) {
        const source = (variant * steps + step) * width;
        const target = (step * batch.sequences + first + variant) * width;
        batch.data.set(data.subarray(source, source + width), target);
      }
    });
    first += variants.length;
  }
  return batch;
}

/** Splits a micro-batch's activations by request again; `counts` are the sequences of each. */
export function unpackActivations(
  batch: SequenceBatch,
  counts: readonly number[],
): ActivationBatch[] {
  let first = 0;
  return counts.map((count) => {
    const lengths = batch.lengths.subarray(first, first + count);
    const steps = Math.max(...lengths);
    const data = new Float32Array(count * steps * batch.width);
    lengths.forEach((length, sequence) => {
      for (let step = 0; step < length; step++) {
        const source = (step * batch.sequences + first + sequence) * batch.width;
        data.set(
          batch.data.subarray(source, source + batch.width),
          (sequence * steps + step) * batch.width,
        );
      }
    });
    first += count;
    return { steps, width: batch.width, data };
  });
}

/** (last step, sequence) pairs: where each sequence ends in step-major data. */
export function lastStepsOf(lengths: Int32Array): BigInt64Array {
  const pairs = new BigInt64Array(lengths.length * 2);
  lengths.forEach((length, sequence) => {
    pairs[sequence * 2] = BigInt(length - 1);
    pairs[sequence * 2 + 1] = BigInt(sequence);
  });
  return pairs;
}

function createSequenceBatch(lengths: readonly number[], width: number): SequenceBatch {
  const steps = Math.max(...lengths);
  return {
    steps,
    sequences: lengths.length,
    width,
    lengths: Int32Array.from(lengths),
    data: new Float32Array(steps * lengths.length * width),
  };
}
