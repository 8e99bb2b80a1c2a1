/**
 * Seeded randomness: Chris Doty-Humphrey's sfc32 (PractRand). A generator is made afresh for each
 * purpose, epoch and step from its numbers, so that no generator state belongs to a checkpoint.
 */

/** What randomness is for, next to the seed: different purposes never share numbers. */
export const RANDOM_PURPOSE = { plan: 1, dense: 2, embedding: 3, step: 4 } as const;

export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c = 0xb7e15162;
  #counter = 1;

  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) {
      this.#a = (this.#a ^ seed) | 0;
      this.#b = (this.#b + Math.floor(seed / 0x1_0000_0000)) | 0;
      for (let round = 0; round < 12; round++) this.uint32();
    }
  }

  /** Uniform over 0 ... 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform over [0, 1). */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform over 0 ... limit - 1. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** Standard normal (Box and Muller, one of the pair). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** Shuffles in place (Fisher and Yates). */
  shuffle<List extends Int32Array | unknown[]>(list: List): List {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [list[last], list[other]] = [list[other], list[last]];
    }
    return list;
  }
}
