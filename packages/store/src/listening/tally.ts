/**
 * Counts by a number, sorted and packed: a month of a hundred thousand songs is half a megabyte and
 * a few milliseconds, where a row each would be a second.
 */
import type { Counts } from "@segue/statistics/live";
import { VarintReader, VarintWriter } from "./varint.ts";

export interface CountChange {
  plays: number;
  heardMs: number;
}

/** Of a cell more or less. */
const CELL_BYTES = 7;

/** Goes from cell to cell, before the first one at first. */
export class TallyCursor {
  cell = 0;
  plays = 0;
  heardMs = 0;
  readonly #reader: VarintReader;

  constructor(content: Uint8Array) {
    this.#reader = new VarintReader(content);
  }

  /** False: that was the last one. */
  next(): boolean {
    if (this.#reader.isAtEnd) return false;
    this.cell += this.#reader.read();
    this.plays = this.#reader.read();
    this.heardMs = this.#reader.read();
    return true;
  }
}

/** The tally with the changes in it; a cell without plays is left out. Undefined: none is left. */
export function mergeTally(
  content: Uint8Array | undefined,
  changes: ReadonlyMap<number, Counts>,
): Uint8Array | undefined {
  const cells = Float64Array.from(changes.keys()).sort();
  const writer = new VarintWriter((content?.length ?? 0) + cells.length * CELL_BYTES);
  let lastCell = 0;
  const write = (cell: number, plays: number, heardMs: number) => {
    if (plays === 0) return;
    writer.write(cell - lastCell);
    writer.write(plays);
    writer.write(heardMs);
    lastCell = cell;
  };
  const changeOf = (cell: number): Counts => changes.get(cell) ?? { plays: 0, heardMs: 0 };
  let next = 0;
  const writeChangesBefore = (cell: number) => {
    for (; next < cells.length && (cells[next] ?? 0) < cell; next += 1) {
      const change = changeOf(cells[next] ?? 0);
      write(cells[next] ?? 0, change.plays, change.heardMs);
    }
  };
  if (content !== undefined) {
    for (const cursor = new TallyCursor(content); cursor.next(); ) {
      const { cell, plays, heardMs } = cursor;
      writeChangesBefore(cell);
      if (cells[next] !== cell) {
        write(cell, plays, heardMs);
        continue;
      }
      const change = changeOf(cell);
      write(cell, plays + change.plays, heardMs + change.heardMs);
      next += 1;
    }
  }
  writeChangesBefore(Number.POSITIVE_INFINITY);
  const merged = writer.bytes();
  return merged.length === 0 ? undefined : merged;
}
