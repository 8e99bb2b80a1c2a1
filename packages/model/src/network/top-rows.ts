/** The exact best rows of a stream of scores, in memory of the answer's size. */

/**
 * Keeps the `capacity` best of the rows offered: by score descending, then row ascending. Rows are
 * offered in ascending order, so that an equal score never displaces an earlier row.
 */
export class TopRows {
  readonly #scores: Float32Array;
  readonly #rows: Uint32Array;
  readonly #masked: ReadonlySet<number>;
  #size = 0;

  constructor(capacity: number, masked: ReadonlySet<number>) {
    this.#scores = new Float32Array(capacity);
    this.#rows = new Uint32Array(capacity);
    this.#masked = masked;
  }

  /** Offers `count` rows from `firstRow`; theirs is every `stride`-th score from `offset`. */
  offer(scores: Float32Array, offset: number, stride: number, firstRow: number, count: number) {
    const capacity = this.#scores.length;
    if (capacity === 0) return;
    let index = 0;
    for (; this.#size < capacity && index < count; index++) {
      if (this.#masked.has(firstRow + index)) continue;
      this.#insert(scores[offset + index * stride] ?? 0, firstRow + index);
    }
    // The hot loop: nearly every score is below the worst one kept, and nothing else happens.
    let worst = this.#scores[0] ?? 0;
    for (let at = offset + index * stride; index < count; index++, at += stride) {
      const score = scores[at] ?? 0;
      if (score <= worst || this.#masked.has(firstRow + index)) continue;
      this.#replaceWorst(score, firstRow + index);
      worst = this.#scores[0] ?? 0;
    }
  }

  /** The rows kept, in no particular order. */
  rows(): Uint32Array {
    return this.#rows.slice(0, this.#size);
  }

  #insert(score: number, row: number): void {
    let child = this.#size++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isWorse(score, row, parent)) break;
      this.#move(parent, child);
      child = parent;
    }
    this.#put(child, score, row);
  }

  /** The root of the heap is the worst row kept. */
  #replaceWorst(score: number, row: number): void {
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isWorseAt(child + 1, child)) child += 1;
      if (this.#isWorse(score, row, child)) break;
      this.#move(child, parent);
      parent = child;
    }
    this.#put(parent, score, row);
  }

  #isWorse(score: number, row: number, slot: number): boolean {
    const other = this.#scores[slot] ?? 0;
    return score < other || (score === other && row > (this.#rows[slot] ?? 0));
  }

  #isWorseAt(slot: number, other: number): boolean {
    return this.#isWorse(this.#scores[slot] ?? 0, this.#rows[slot] ?? 0, other);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#scores[from] ?? 0, this.#rows[from] ?? 0);
  }

  #put(slot: number, score: number, row: number): void {
    this.#scores[slot] = score;
    this.#rows[slot] = row;
  }
}
