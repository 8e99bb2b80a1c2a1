/** The arithmetic of our graphs in one word per operator, over a GraphBuilder. */
import type { Attribute, GraphBuilder } from "@segue/model";

/** "Until the end" for Slice. */
const END = 2 ** 40;

export class TensorMath {
  readonly graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  add(one: string, other: string): string {
    return this.graph.node("Add", [one, other]);
  }

  subtract(one: string, other: string): string {
    return this.graph.node("Sub", [one, other]);
  }

  multiply(one: string, other: string): string {
    return this.graph.node("Mul", [one, other]);
  }

  /** 1 - x */
  complement(value: string): string {
    return this.subtract(this.graph.scalar(1), value);
  }

  square(value: string): string {
    return this.multiply(value, value);
  }

  matrixProduct(one: string, other: string): string {
    return this.graph.node("MatMul", [one, other]);
  }

  /** a b + c, a b', or a' b */
  gemm(inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.graph.node("Gemm", inputs, attributes);
  }

  /** Sum over the rows of a matrix: [rows, columns] to [columns]. */
  sumRows(matrix: string): string {
    return this.graph.node("ReduceSum", [matrix, this.graph.int64s([0])], { keepdims: 0 });
  }

  slice(value: string, axis: number, from: number, to = END): string {
    const { graph } = this;
    return graph.node("Slice", [
      value,
      graph.int64s([from]),
      graph.int64s([to]),
      graph.int64s([axis]),
    ]);
  }

  concat(values: readonly string[], axis: number): string {
    return this.graph.node("Concat", values, { axis });
  }

  transpose(matrix: string): string {
    return this.graph.node("Transpose", [matrix], { perm: [1, 0] });
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.graph.node("Reshape", [value, this.graph.int64s(shape)]);
  }

  /** [steps, batch, width] to [steps * batch, width] */
  flatten(sequence: string, width: number): string {
    return this.reshape(sequence, [-1, width]);
  }

  toInt64(value: string): string {
    return this.graph.node("Cast", [value], { to: 7 });
  }
}
