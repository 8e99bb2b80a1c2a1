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

/**
 * Of an entry, side by side so that it costs one wait for memory: both codes, count, first row and
 * amount, as four numbers of 64 bits. The codes are the two halves of the first.
 */
const ENTRY_NUMBERS = 4;
const ENTRY_WORDS = 2 * ENTRY_NUMBERS;
const COUNT = 1;
const FIRST_ROW = 2;
const AMOUNT = 3;
const ENTRIES_AT_FIRST = 1024;

/** Of a slot: the entry's number plus 1, and the hash of its pair. */
const SLOT_WORDS = 2;
const SLOT_SHIFT = 1;
const FREE = 0;

/** Pairs that are looked up together; what they touch stays in the processor's nearest caches. */
const BLOCK_PAIRS = 256;

export class PairCounts {
  readonly #hasAmounts: boolean;
  #size = 0;
  #numbers = new Float64Array(ENTRY_NUMBERS * ENTRIES_AT_FIRST);
  /** The same memory. */
  #words = new Uint32Array(this.#numbers.buffer);
  /** Open addressing with linear probing, at most half full. */
  #slots = new Int32Array(2 * SLOT_WORDS * ENTRIES_AT_FIRST);
  /** Of the block that is looked up. */
  readonly #hashes = new Int32Array(BLOCK_PAIRS);
  readonly #entries = new Int32Array(BLOCK_PAIRS);

  constructor({ hasAmounts }: { hasAmounts: boolean }) {
    this.#hasAmounts = hasAmounts;
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
    for (let from = 0; from < lefts.length; from += BLOCK_PAIRS) {
      const to = Math.min(lefts.length, from + BLOCK_PAIRS);
      this.#find(lefts, rights, from, to);
      this.#countRows(from, to, firstRow);
      if (amounts !== undefined) this.#sum(amounts, from, to);
    }
  }

  /** What was counted elsewhere, with the same dictionaries. */
  merge({ lefts, rights, counts, firstRows, amounts }: PairCountColumns): void {
    for (let from = 0; from < lefts.length; from += BLOCK_PAIRS) {
      const to = Math.min(lefts.length, from + BLOCK_PAIRS);
      this.#find(lefts, rights, from, to);
      this.#countEntries(counts, firstRows, from, to);
      if (this.#hasAmounts) this.#sum(amounts, from, to);
    }
  }

  /** A copy of what was counted so far. */
  columns(): PairCountColumns {
    const size = this.#size;
    const columns = {
      lefts: new Uint32Array(size),
      rights: new Uint32Array(size),
      counts: new Float64Array(size),
      firstRows: new Float64Array(size),
      amounts: new Float64Array(this.#hasAmounts ? size : 0),
    };
    const words = this.#words;
    const numbers = this.#numbers;
    for (let entry = 0; entry < size; entry++) {
      columns.lefts[entry] = words[ENTRY_WORDS * entry] as number;
      columns.rights[entry] = words[ENTRY_WORDS * entry + 1] as number;
      columns.counts[entry] = numbers[ENTRY_NUMBERS * entry + COUNT] as number;
      columns.firstRows[entry] = numbers[ENTRY_NUMBERS * entry + FIRST_ROW] as number;
      // Without amounts the column has no room, and what is written to it goes nowhere.
      columns.amounts[entry] = numbers[ENTRY_NUMBERS * entry + AMOUNT] as number;
    }
    return columns;
  }

  #countRows(from: number, to: number, firstRow: number): void {
    const numbers = this.#numbers;
    const entries = this.#entries;
    for (let index = from; index < to; index++) {
      const at = ENTRY_NUMBERS * (entries[index - from] as number);
      numbers[at + COUNT] = (numbers[at + COUNT] as number) + 1;
      const row = firstRow + index;
      if (row < (numbers[at + FIRST_ROW] as number)) numbers[at + FIRST_ROW] = row;
    }
  }

  #countEntries(counts: Float64Array, firstRows: Float64Array, from: number, to: number): void {
    const numbers = this.#numbers;
    const entries = this.#entries;
    for (let index = from; index < to; index++) {
      const at = ENTRY_NUMBERS * (entries[index - from] as number);
      numbers[at + COUNT] = (numbers[at + COUNT] as number) + (counts[index] as number);
      const row = firstRows[index] as number;
      if (row < (numbers[at + FIRST_ROW] as number)) numbers[at + FIRST_ROW] = row;
    }
  }

  #sum(amounts: Int32Array | Float64Array, from: number, to: number): void {
    const numbers = this.#numbers;
    const entries = this.#entries;
    for (let index = from; index < to; index++) {
      const at = ENTRY_NUMBERS * (entries[index - from] as number) + AMOUNT;
      numbers[at] = (numbers[at] as number) + (amounts[index] as number);
    }
  }

  /** Notes the entry of each pair of a block; pairs that have none get one that counts nothing. */
  #find(lefts: Uint32Array, rights: Uint32Array, from: number, to: number): void {
    this.#makeRoomFor(to - from);
    this.#touch(lefts, rights, from, to);
    const words = this.#words;
    const slots = this.#slots;
    const hashes = this.#hashes;
    const entries = this.#entries;
    const mask = slots.length - 1;
    for (let index = from; index < to; index++) {
      const left = lefts[index] as number;
      const right = rights[index] as number;
      const hash = hashes[index - from] as number;
      let slot = (hash << SLOT_SHIFT) & mask;
      let entry = (slots[slot] as number) - 1;
      while (
        entry >= 0 &&
        (slots[slot + 1] !== hash ||
          words[ENTRY_WORDS * entry] !== left ||
          words[ENTRY_WORDS * entry + 1] !== right)
      ) {
        slot = (slot + SLOT_WORDS) & mask;
        entry = (slots[slot] as number) - 1;
      }
      entries[index - from] = entry >= 0 ? entry : this.#insert(slot, hash, left, right);
    }
  }

  /**
   * Looks at all memory that a block needs before any of it is used, so that the processor waits for
   * many places at a time and not for one after the other: twice as fast with 2 million pairs.
   */
  #touch(lefts: Uint32Array, rights: Uint32Array, from: number, to: number): void {
    const words = this.#words;
    const slots = this.#slots;
    const hashes = this.#hashes;
    const entries = this.#entries;
    const mask = slots.length - 1;
    for (let index = from; index < to; index++) {
      hashes[index - from] = pairHash(lefts[index] as number, rights[index] as number);
    }
    for (let at = 0; at < to - from; at++) {
      entries[at] = slots[((hashes[at] as number) << SLOT_SHIFT) & mask] as number;
    }
    let touched = 0;
    for (let at = 0; at < to - from; at++) {
      // A free slot touches the first entry, which every block does.
      touched ^= words[ENTRY_WORDS * Math.max(0, (entries[at] as number) - 1)] as number;
    }
    // A pass without a result would be optimised away; this place is written again.
    entries[0] = touched;
  }

  #insert(slot: number, hash: number, left: number, right: number): number {
    const entry = this.#size;
    this.#size = entry + 1;
    this.#slots[slot] = entry + 1;
    this.#slots[slot + 1] = hash;
    this.#words[ENTRY_WORDS * entry] = left;
    this.#words[ENTRY_WORDS * entry + 1] = right;
    this.#numbers[ENTRY_NUMBERS * entry + FIRST_ROW] = Number.POSITIVE_INFINITY;
    return entry;
  }

  #makeRoomFor(pairs: number): void {
    const size = this.#size + pairs;
    while (ENTRY_NUMBERS * size > this.#numbers.length) this.#growEntries();
    while (2 * SLOT_WORDS * size > this.#slots.length) this.#growSlots();
  }

  #growEntries(): void {
    const grown = new Float64Array(2 * this.#numbers.length);
    grown.set(this.#numbers);
    this.#numbers = grown;
    this.#words = new Uint32Array(grown.buffer);
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at] === FREE) continue;
      const hash = old[at + 1] as number;
      let slot = (hash << SLOT_SHIFT) & mask;
      while (slots[slot] !== FREE) slot = (slot + SLOT_WORDS) & mask;
      slots[slot] = old[at] as number;
      slots[slot + 1] = hash;
    }
    this.#slots = slots;
  }
}

/** 32 bits, signed, that depend on all bits of both codes (the finish of MurmurHash3). */
export function pairHash(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
