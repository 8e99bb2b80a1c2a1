/**
 * The leading eigenvectors of a sparse symmetric matrix by subspace iteration from a random start
 * (Halko, Martinsson and Tropp, 2011), each scaled by the root of its eigenvalue's size.
 */
import type { Random } from "../random.ts";
import type { SparseMatrix } from "./association-matrix.ts";

const ITERATIONS = 8;

/** @returns [matrix.size, width] */
export function spectralVectors(matrix: SparseMatrix, width: number, random: Random): Float32Array {
  let basis = new Float32Array(matrix.size * width);
  let product = new Float32Array(matrix.size * width);
  for (let index = 0; index < basis.length; index++) basis[index] = random.normal();
  orthonormalise(basis, width);
  let lengths = new Float64Array(width);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    multiply(matrix, basis, width, product);
    [basis, product] = [product, basis];
    lengths = columnLengths(basis, width);
    orthonormalise(basis, width);
  }
  for (let index = 0; index < basis.length; index++) {
    basis[index] = (basis[index] as number) * Math.sqrt(lengths[index % width] as number);
  }
  return basis;
}

/** result = matrix x basis */
function multiply(
  { size, offsets, columns, values }: SparseMatrix,
  basis: Float32Array,
  width: number,
  result: Float32Array,
): void {
  const sum = new Float64Array(width);
  for (let row = 0; row < size; row++) {
    sum.fill(0);
    for (let entry = offsets[row] as number; entry < (offsets[row + 1] as number); entry++) {
      const value = values[entry] as number;
      const from = (columns[entry] as number) * width;
      for (let index = 0; index < width; index++) {
        sum[index] = (sum[index] as number) + value * (basis[from + index] as number);
      }
    }
    result.set(sum, row * width);
  }
}

/** Modified Gram and Schmidt on the columns; a column that vanishes becomes zero. */
function orthonormalise(basis: Float32Array, width: number): void {
  const rows = basis.length / width;
  const products = new Float64Array(width);
  for (let column = 0; column < width; column++) {
    const length = columnLength(basis, width, column);
    const scale = length > 1e-9 ? 1 / length : 0;
    products.fill(0);
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      const value = (basis[at + column] as number) * scale;
      basis[at + column] = value;
      if (value === 0) continue;
      for (let other = column + 1; other < width; other++) {
        products[other] = (products[other] as number) + value * (basis[at + other] as number);
      }
    }
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      const value = basis[at + column] as number;
      if (value === 0) continue;
      for (let other = column + 1; other < width; other++) {
        basis[at + other] = (basis[at + other] as number) - (products[other] as number) * value;
      }
    }
  }
}

function columnLengths(basis: Float32Array, width: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: width }, (_, column) => columnLength(basis, width, column));
}

function columnLength(basis: Float32Array, width: number, column: number): number {
  let sum = 0;
  for (let at = column; at < basis.length; at += width) sum += (basis[at] as number) ** 2;
  return Math.sqrt(sum);
}
