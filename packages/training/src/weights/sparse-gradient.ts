/** Sums gradients by row of a table in which a step touches few rows. */
export class SparseGradient {
  readonly width: number;
  /** Touched rows, in order of first touch. */
  readonly rows: number[] = [];
  #sums: Float32Array;
  readonly #slotOf: Int32Array;

  constructor(rowCount: number, width: number) {
    this.width = width;
    this.#slotOf = new Int32Array(rowCount).fill(-1);
    this.#sums = new Float32Array(1024 * width);
  }

  /** [rows.length, width], in the order of `rows`. Valid until the next `add`. */
  get sums(): Float32Array {
    return this.#sums;
  }

  add(row: number, gradient: Float32Array, offset: number): void {
    const at = this.#slotFor(row) * this.width;
    const sums = this.#sums;
    const width = this.width;
    for (let index = 0; index < width; index++) {
      sums[at + index] = (sums[at + index] as number) + (gradient[offset + index] as number);
    }
  }

  clear(): void {
    for (const row of this.rows) this.#slotOf[row] = -1;
    this.rows.length = 0;
  }

  #slotFor(row: number): number {
    const known = this.#slotOf[row] as number;
    if (known >= 0) return known;
    const slot = this.rows.length;
    if ((slot + 1) * this.width > this.#sums.length) {
      const grown = new Float32Array(this.#sums.length * 2);
      grown.set(this.#sums);
      this.#sums = grown;
    }
    this.#sums.fill(0, slot * this.width, (slot + 1) * this.width);
    this.#slotOf[row] = slot;
    this.rows.push(row);
    return slot;
  }
}
