import { TallyCursor } from "./tally.ts";
import { CELLS_PER_NUMBER } from "./tally-changes.ts";

/** Beyond this, whoever asks wants all. */
const LISTED_MAX = 1_000;

/** Sums by number in flat arrays: adding up millions of cells costs nanoseconds each. */
export class NumberCounts {
  #plays = new Float64Array(1_024);
  #heardMs = new Float64Array(1_024);
  /** One more than the largest number counted. */
  #end = 0;

  add(number: number, plays: number, heardMs: number): void {
    if (number >= this.#end) this.#reach(number);
    this.#plays[number] = (this.#plays[number] ?? 0) + plays;
    this.#heardMs[number] = (this.#heardMs[number] ?? 0) + heardMs;
  }

  /** Adds what a tally of a month or a year holds, or takes it away. */
  addTally(content: Uint8Array, sign: 1 | -1): void {
    for (const cursor = new TallyCursor(content); cursor.next(); ) {
      this.add(cursor.cell, sign * cursor.plays, sign * cursor.heardMs);
    }
  }

  /** The same of a day, or of some of its quarters of an hour. */
  addDayTally(
    content: Uint8Array,
    sign: 1 | -1,
    { fromQuarter, toQuarter }: { readonly fromQuarter: number; readonly toQuarter: number },
  ): void {
    for (const cursor = new TallyCursor(content); cursor.next(); ) {
      const number = Math.floor(cursor.cell / CELLS_PER_NUMBER);
      const quarter = cursor.cell - number * CELLS_PER_NUMBER;
      if (quarter < fromQuarter || quarter >= toQuarter) continue;
      this.add(number, sign * cursor.plays, sign * cursor.heardMs);
    }
  }

  playsOf(number: number): number {
    return this.#plays[number] ?? 0;
  }

  heardMsOf(number: number): number {
    return this.#heardMs[number] ?? 0;
  }

  /** Those with plays, in rising order. */
  *numbers(): Generator<number> {
    for (let number = 0; number < this.#end; number += 1) {
      if ((this.#plays[number] ?? 0) > 0) yield number;
    }
  }

  /** Those that can be among the first by plays, more than `limit` where plays are equal. */
  leading(limit: number): readonly number[] {
    const least = limit > LISTED_MAX ? 1 : this.#leastOfLeading(limit);
    const leading: number[] = [];
    for (let number = 0; number < this.#end; number += 1) {
      if ((this.#plays[number] ?? 0) >= least) leading.push(number);
    }
    return leading;
  }

  /** Keeps the most plays seen so far in order; hardly any number changes them. */
  #leastOfLeading(limit: number): number {
    const most = new Float64Array(limit);
    for (let number = 0; number < this.#end; number += 1) {
      const plays = this.#plays[number] ?? 0;
      if (plays <= (most[0] ?? 0)) continue;
      let place = 0;
      for (; place + 1 < limit && (most[place + 1] ?? 0) < plays; place += 1) {
        most[place] = most[place + 1] ?? 0;
      }
      most[place] = plays;
    }
    return Math.max(1, most[0] ?? 1);
  }

  #reach(number: number): void {
    this.#end = number + 1;
    if (number < this.#plays.length) return;
    const length = Math.max(this.#end, this.#plays.length * 2);
    this.#plays = enlarged(this.#plays, length);
    this.#heardMs = enlarged(this.#heardMs, length);
  }
}

function enlarged(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
