/** The network and its loss in plain float64 loops: slow, obvious, and independent of any library. */
import type { NetworkDimensions } from "@segue/model";

import { denseLayoutFor } from "../src/weights/dense-layout.ts";

type Vector = readonly number[];

export interface ReferenceCase {
  readonly dimensions: NetworkDimensions;
  /** All dense weights in the order of the dense layout. */
  readonly weights: readonly number[];
  /** Song vectors of one session, and of the song to predict after each. */
  readonly inputs: readonly Vector[];
  readonly targets: readonly Vector[];
  readonly negatives: readonly Vector[];
}

/** Mean cross-entropy of each target against the negatives, all biases zero. */
export function referenceLoss(given: ReferenceCase): number {
  const { inputs, targets, negatives } = given;
  const queries = referenceQueries(given);
  let loss = 0;
  for (const [index, query] of queries.entries()) {
    const logits = [targets[index] as Vector, ...negatives].map((vector) => dot(query, vector));
    const peak = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - peak), 0);
    loss += peak + Math.log(total) - (logits[0] as number);
  }
  return loss / inputs.length;
}

export function referenceQueries({ dimensions, weights, inputs }: ReferenceCase): Vector[] {
  const { embedding, hidden } = dimensions;
  const parts = denseLayoutFor(dimensions).parts.map((part) =>
    weights.slice(part.offset, part.offset + part.size),
  );
  const [rnnInput = [], rnnRecurrent = [], rnnBias = [], ...later] = parts;
  const [projection = [], projectionBias = []] = later.slice(6);
  let state: Vector = new Array<number>(hidden).fill(0);
  const lstms = [0, 1].map((index) => new Lstm(later.slice(3 * index, 3 * index + 3), hidden));
  return inputs.map((input) => {
    const drive = sum(times(input, rnnInput, hidden), times(state, rnnRecurrent, hidden), rnnBias);
    state = drive.map(Math.tanh);
    let output = embedding === hidden ? sum(state, input) : state;
    for (const lstm of lstms) output = sum(output, lstm.step(output));
    return sum(times(output, projection, embedding), projectionBias);
  });
}

class Lstm {
  readonly #weights: readonly Vector[];
  readonly #hidden: number;
  #state: Vector;
  #cell: Vector;

  constructor(weights: readonly Vector[], hidden: number) {
    this.#weights = weights;
    this.#hidden = hidden;
    this.#state = new Array<number>(hidden).fill(0);
    this.#cell = this.#state;
  }

  step(input: Vector): Vector {
    const hidden = this.#hidden;
    const [fromInput = [], fromState = [], bias = []] = this.#weights;
    const drive = sum(
      times(input, fromInput, 4 * hidden),
      times(this.#state, fromState, 4 * hidden),
      bias,
    );
    const block = (index: number) => drive.slice(index * hidden, (index + 1) * hidden);
    const [i = [], f = [], o = []] = [0, 1, 3].map((index) => block(index).map(sigmoid));
    const g = block(2).map(Math.tanh);
    this.#cell = this.#cell.map((cell, unit) => at(f, unit) * cell + at(i, unit) * at(g, unit));
    this.#state = this.#cell.map((cell, unit) => at(o, unit) * Math.tanh(cell));
    return this.#state;
  }
}

/** row vector x matrix [row.length, columns] */
function times(row: Vector, matrix: Vector, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    row.reduce((total, value, index) => total + value * at(matrix, index * columns + column), 0),
  );
}

function sum(...vectors: readonly Vector[]): number[] {
  const [first = [], ...others] = vectors;
  return first.map((value, index) =>
    others.reduce((total, vector) => total + at(vector, index), value),
  );
}

function dot(one: Vector, other: Vector): number {
  return one.reduce((total, value, index) => total + value * at(other, index), 0);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function at(vector: Vector, index: number): number {
  return vector[index] as number;
}
