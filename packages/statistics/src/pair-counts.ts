/**
 * How often each pair of codes occurs, in which row first, and the sum of an amount: what play
 * counts (artist and song) and user statistics (user, artist and seconds) are made from. Memory
 * grows with the distinct pairs, never with the rows, and the outcome is the same for any split of
 * the rows and any order of adding and merging.
 */

/** One entry for each distinct pair, in no order that means anything. */
export interface PairCountColumns {
  readonly lefts: Uint32Array;
  readonly rights: Uint32Array;
  readonly counts: Float64Array;
  /** The smallest row number in which the pair occurs. */
  readonly firstRows: Float64Array;
  /** Sums, exact up to 2^53; empty when nothing was summed. */
  readonly amounts: Float64Array;
}

const INITIAL_CAPACITY = 1024;
const FREE = -1;

export class PairCounts {
  readonly #hasAmounts: boolean;
  #size = 0;
  #lefts = new Uint32Array(INITIAL_CAPACITY);
  #rights = new Uint32Array(INITIAL_CAPACITY);
  #counts = new Float64Array(INITIAL_CAPACITY);
  #firstRows = new Float64Array(INITIAL_CAPACITY);
  #amounts: Float64Array;
  /** Open addressing with linear probing, at most half full: entry numbers, or FREE. */
  #slots = new Int32Array(2 * INITIAL_CAPACITY).fill(FREE);

  constructor({ hasAmounts }: { hasAmounts: boolean }) {
    this.#hasAmounts = hasAmounts;
    this.#amounts = new Float64Array(hasAmounts ? INITIAL_CAPACITY : 0);
  }

  /** Distinct pairs. */
  get size(): number {
    return this.#size;
  }

  /**
   * Consecutive rows, the first of which has the number `firstRow`.
   * @param amounts one per row, when this sums amounts
   */
  add(lefts: Uint32Array, rights: Uint32Array, firstRow: number, amounts?: Int32Array): void {
    for (let index = 0; index < lefts.length; index++) {
      const entry = this.#entryFor(lefts[index] ?? 0, rights[index] ?? 0, firstRow + index);
      this.#counts[entry] = (this.#counts[entry] ?? 0) + 1;
      if (amounts !== undefined) {
        this.#amounts[entry] = (this.#amounts[entry] ?? 0) + (amounts[index] ?? 0);
      }
    }
  }

  /** What was counted elsewhere, with the same dictionaries. */
  merge(other: PairCountColumns): void {
    for (let index = 0; index < other.lefts.length; index++) {
      const entry = this.#entryFor(
        other.lefts[index] ?? 0,
        other.rights[index] ?? 0,
        other.firstRows[index] ?? 0,
      );
      this.#counts[entry] = (this.#counts[entry] ?? 0) + (other.counts[index] ?? 0);
      if (this.#hasAmounts) {
        this.#amounts[entry] = (this.#amounts[entry] ?? 0) + (other.amounts[index] ?? 0);
      }
    }
  }

  /** Views of what was counted so far; good until the next `add` or `merge`. */
  columns(): PairCountColumns {
    return {
      lefts: this.#lefts.subarray(0, this.#size),
      rights: this.#rights.subarray(0, this.#size),
      counts: this.#counts.subarray(0, this.#size),
      firstRows: this.#firstRows.subarray(0, this.#size),
      amounts: this.#amounts.subarray(0, this.#hasAmounts ? this.#size : 0),
    };
  }

  /** The number of the pair's entry, which is made when there is none, and knows this row. */
  #entryFor(left: number, right: number, row: number): number {
    const mask = this.#slots.length - 1;
    let slot = pairHash(left, right) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? FREE;
      if (entry === FREE) return this.#insert(slot, left, right, row);
      if (this.#lefts[entry] === left && this.#rights[entry] === right) {
        if (row < (this.#firstRows[entry] ?? 0)) this.#firstRows[entry] = row;
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  #insert(slot: number, left: number, right: number, row: number): number {
    const entry = this.#size;
    this.#slots[slot] = entry;
    if (entry === this.#lefts.length) this.#growEntries();
    this.#lefts[entry] = left;
    this.#rights[entry] = right;
    this.#firstRows[entry] = row;
    this.#size += 1;
    if (2 * this.#size > this.#slots.length) this.#growSlots();
    return entry;
  }

  #growEntries(): void {
    const capacity = 2 * this.#lefts.length;
    this.#lefts = grownUint32(this.#lefts, capacity);
    this.#rights = grownUint32(this.#rights, capacity);
    this.#counts = grownFloat64(this.#counts, capacity);
    this.#firstRows = grownFloat64(this.#firstRows, capacity);
    if (this.#hasAmounts) this.#amounts = grownFloat64(this.#amounts, capacity);
  }

  #growSlots(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      let slot = pairHash(this.#lefts[entry] ?? 0, this.#rights[entry] ?? 0) & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}

/** 32 bits that depend on all bits of both codes (the finish of MurmurHash3). */
export function pairHash(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function grownUint32(column: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(capacity);
  grown.set(column);
  return grown;
}

function grownFloat64(column: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(column);
  return grown;
}
