/** Adam (Kingma and Ba, 2015): for one dense vector, and lazily for the touched rows of a table. */
const DECAY1 = 0.9;
const DECAY2 = 0.999;
const EPSILON = 1e-8;

/** Values with their running moments, all of one length. */
export interface AdamVector {
  readonly values: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
}

export function createAdamVector(values: Float32Array): AdamVector {
  return {
    values,
    moment1: new Float32Array(values.length),
    moment2: new Float32Array(values.length),
  };
}

/** Learning rate of a step, corrected for the moments' start at zero. @param step from 1 */
export function adamStepSize(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - DECAY2 ** step)) / (1 - DECAY1 ** step);
}

/**
 * Updates `length` values from `offset` by the gradient from `gradientOffset`.
 * @param scale multiplies the gradient first (clipping)
 */
export function applyAdam(
  vector: AdamVector,
  offset: number,
  length: number,
  gradient: Float32Array,
  gradientOffset: number,
  stepSize: number,
  scale: number,
): void {
  const { values, moment1, moment2 } = vector;
  for (let index = 0; index < length; index++) {
    const at = offset + index;
    const slope = (gradient[gradientOffset + index] as number) * scale;
    const first = DECAY1 * (moment1[at] as number) + (1 - DECAY1) * slope;
    const second = DECAY2 * (moment2[at] as number) + (1 - DECAY2) * slope * slope;
    moment1[at] = first;
    moment2[at] = second;
    values[at] = (values[at] as number) - (stepSize * first) / (Math.sqrt(second) + EPSILON);
  }
}

export function euclideanNorm(vector: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < vector.length; index++) sum += (vector[index] as number) ** 2;
  return Math.sqrt(sum);
}
