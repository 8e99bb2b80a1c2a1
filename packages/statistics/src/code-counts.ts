/** One entry for each code of the dictionary. */
export interface CodeCountColumns {
  readonly counts: Float64Array;
  /** The smallest row number in which the code occurs; Infinity where it does not. */
  readonly firstRows: Float64Array;
}

/** How often each code of one column occurs, and in which row first, for any split of the rows. */
export class CodeCounts {
  #size = 0;
  #counts = new Float64Array(64);
  #firstRows = new Float64Array(64).fill(Number.POSITIVE_INFINITY);

  /** Consecutive rows, the first of which has the number `firstRow`. */
  add(codes: Uint32Array, firstRow: number): void {
    for (let index = 0; index < codes.length; index++) {
      this.#count(codes[index] ?? 0, 1, firstRow + index);
    }
  }

  /** What was counted elsewhere, with the same dictionary. */
  merge({ counts, firstRows }: CodeCountColumns): void {
    for (let code = 0; code < counts.length; code++) {
      this.#count(code, counts[code] ?? 0, firstRows[code] ?? Number.POSITIVE_INFINITY);
    }
  }

  /** Views of what was counted so far; good until the next `add` or `merge`. */
  columns(): CodeCountColumns {
    return {
      counts: this.#counts.subarray(0, this.#size),
      firstRows: this.#firstRows.subarray(0, this.#size),
    };
  }

  #count(code: number, times: number, row: number): void {
    if (code >= this.#size) this.#makeRoomFor(code);
    this.#counts[code] = (this.#counts[code] ?? 0) + times;
    if (row < (this.#firstRows[code] ?? 0)) this.#firstRows[code] = row;
  }

  #makeRoomFor(code: number): void {
    this.#size = code + 1;
    if (this.#size <= this.#counts.length) return;
    const capacity = 2 * this.#size;
    const counts = new Float64Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
    const firstRows = new Float64Array(capacity).fill(Number.POSITIVE_INFINITY);
    firstRows.set(this.#firstRows);
    this.#firstRows = firstRows;
  }
}
