import type { CombineTask } from "./count-tasks.ts";
import type { PairRows } from "./pair-counter.ts";

const BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** Rows gathered for one task, in memory that threads share, so that a lost task loses nothing. */
export class RowShare {
  readonly #hasAmounts: boolean;
  readonly #lefts: Uint32Array;
  readonly #rights: Uint32Array;
  readonly #amounts: Int32Array;
  readonly #runs: { firstRow: number; rows: number }[] = [];
  #rows = 0;

  constructor(rowsMax: number, hasAmounts: boolean) {
    this.#hasAmounts = hasAmounts;
    this.#lefts = new Uint32Array(new SharedArrayBuffer(BYTES * rowsMax));
    this.#rights = new Uint32Array(new SharedArrayBuffer(BYTES * rowsMax));
    this.#amounts = new Int32Array(new SharedArrayBuffer(hasAmounts ? BYTES * rowsMax : 0));
  }

  get isEmpty(): boolean {
    return this.#rows === 0;
  }

  get isFull(): boolean {
    return this.#rows === this.#lefts.length;
  }

  /** Takes what fits of the rows from index `from` on; the number taken. */
  add({ firstRow, lefts, rights, amounts }: PairRows, from: number): number {
    const rows = Math.min(lefts.length - from, this.#lefts.length - this.#rows);
    this.#lefts.set(lefts.subarray(from, from + rows), this.#rows);
    this.#rights.set(rights.subarray(from, from + rows), this.#rows);
    if (this.#hasAmounts && amounts !== undefined) {
      this.#amounts.set(amounts.subarray(from, from + rows), this.#rows);
    }
    this.#runs.push({ firstRow: firstRow + from, rows });
    this.#rows += rows;
    return rows;
  }

  toTask(partitionCount: number): CombineTask {
    return {
      kind: "combine",
      hasAmounts: this.#hasAmounts,
      partitionCount,
      runs: this.#runs,
      lefts: this.#lefts,
      rights: this.#rights,
      amounts: this.#amounts,
    };
  }
}
