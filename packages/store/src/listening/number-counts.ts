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
    const plays = this.#plays.slice(0, this.#end).sort();
    const least = Math.max(1, plays.at(-limit) ?? 1);
    const leading: number[] = [];
    for (const number of this.numbers()) if (this.playsOf(number) >= least) leading.push(number);
    return leading;
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
