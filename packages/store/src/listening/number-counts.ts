import { TallyCursor } from "./tally.ts";
import { CELLS_PER_NUMBER } from "./tally-changes.ts";

/** Beyond this, whoever asks wants all. */
const LISTED_MAX = 1_000;

/** Sums by number, of single counts and of tallies. */
abstract class Sums {
  abstract add(number: number, plays: number, heardMs: number): void;

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
}

/** In a map, where numbers are few and may be large. */
export class SparseCounts extends Sums {
  readonly #plays = new Map<number, number>();

  add(number: number, plays: number): void {
    this.#plays.set(number, (this.#plays.get(number) ?? 0) + plays);
  }

  /** Those with plays, in no order. */
  *entries(): Generator<readonly [number: number, plays: number]> {
    for (const entry of this.#plays) if (entry[1] > 0) yield entry;
  }
}

/** In flat arrays: adding up millions of cells costs nanoseconds each. */
export class NumberCounts extends Sums {
  #plays = new Float64Array(1_024);
  #heardMs = new Float64Array(1_024);
  /** One more than the largest number counted. */
  #end = 0;

  add(number: number, plays: number, heardMs: number): void {
    if (number >= this.#end) this.#reach(number);
    this.#plays[number] = (this.#plays[number] ?? 0) + plays;
    this.#heardMs[number] = (this.#heardMs[number] ?? 0) + heardMs;
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

  /** Those that can be among the first by plays and time; more than `limit` where both are equal. */
  leading(limit: number): readonly number[] {
    const least = limit > LISTED_MAX ? 1 : this.#leastOfLeading(limit);
    const above: number[] = [];
    const level: number[] = [];
    for (let number = 0; number < this.#end; number += 1) {
      const plays = this.#plays[number] ?? 0;
      if (plays > least) above.push(number);
      else if (plays === least) level.push(number);
    }
    const placesLeft = limit - above.length;
    if (level.length <= placesLeft) return [...above, ...level];
    const times = Float64Array.from(level, (number) => this.heardMsOf(number)).sort();
    const leastMs = times.at(-placesLeft) ?? 0;
    return [...above, ...level.filter((number) => this.heardMsOf(number) >= leastMs)];
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
