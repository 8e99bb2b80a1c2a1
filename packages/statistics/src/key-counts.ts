import { allEntries, byFirstRow } from "./entry-order.ts";
import type { PlayCounts } from "./play-counts.ts";

/** Play counts of several parts of the rows, made one. */
export class KeyCounts {
  readonly #entries = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #counts: number[] = [];
  readonly #firstRows: number[] = [];

  merge(
    keys: readonly string[],
    counts: ArrayLike<number | bigint>,
    firstRows: ArrayLike<number | bigint>,
  ): void {
    for (const [index, key] of keys.entries()) {
      const count = Number(counts[index] ?? 0);
      const firstRow = Number(firstRows[index] ?? 0);
      const entry = this.#entries.get(key);
      if (entry === undefined) {
        this.#entries.set(key, this.#keys.length);
        this.#keys.push(key);
        this.#counts.push(count);
        this.#firstRows.push(firstRow);
      } else {
        this.#counts[entry] = (this.#counts[entry] ?? 0) + count;
        this.#firstRows[entry] = Math.min(this.#firstRows[entry] ?? 0, firstRow);
      }
    }
  }

  /** In order of first appearance. */
  finish(): PlayCounts {
    const order = byFirstRow(allEntries(this.#keys.length), this.#firstRows);
    return {
      keys: Array.from(order, (entry) => this.#keys[entry] ?? ""),
      counts: Float64Array.from(order, (entry) => this.#counts[entry] ?? 0),
      firstRows: Float64Array.from(order, (entry) => this.#firstRows[entry] ?? 0),
    };
  }
}
