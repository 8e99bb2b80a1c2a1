/** Rows that are left out: all are counted by reason, the first ones are kept to be shown. */

export type BadRowReason = "duration" | "fields" | "quote" | "encoding" | "length";

export interface BadRow {
  readonly file: string;
  /** Of a CSV file, from 1 with the header; of Parquet, the row from 1. */
  readonly line: number;
  readonly reason: BadRowReason;
  /** What is wrong, with the value. */
  readonly text: string;
}

export interface BadRowsFound {
  readonly count: number;
  readonly byReason: Readonly<Partial<Record<BadRowReason, number>>>;
  readonly first: readonly BadRow[];
}

/** So many are kept with their text. */
export const BAD_ROWS_SHOWN = 10;

export class BadRows {
  #count = 0;
  readonly #byReason = new Map<BadRowReason, number>();
  readonly #first: BadRow[] = [];

  /** The text is made only for a row that is kept. */
  add(file: string, line: number, reason: BadRowReason, textOf: () => string): void {
    this.#count += 1;
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1);
    if (this.#first.length >= BAD_ROWS_SHOWN) return;
    this.#first.push({ file, line, reason, text: textOf() });
  }

  get found(): BadRowsFound {
    return {
      count: this.#count,
      byReason: Object.fromEntries(this.#byReason),
      first: this.#first,
    };
  }
}
