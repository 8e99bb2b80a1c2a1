/**
 * Counts by a number, sorted and packed: a month of a hundred thousand songs is half a megabyte and
 * a few milliseconds, where a row each would be a second.
 */
import type { Counts } from "@segue/statistics/live";
import { VarintWriter } from "./varint.ts";

export interface CountChange {
  plays: number;
  heardMs: number;
}

export type VisitCell = (cell: number, plays: number, heardMs: number) => void;

/** Of a cell more or less. */
const CELL_BYTES = 7;

/**
 * Reads along without a reader object: a period may have millions of cells, and most numbers take
 * one byte or two.
 */
export function visitTally(content: Uint8Array, visit: VisitCell): void {
  const end = content.length;
  let at = 0;
  const readOn = (low: number): number => {
    let value = low - 128;
    let byte = 128;
    for (let factor = 128; byte > 127; factor *= 128) {
      byte = content[at++] ?? 0;
      value += (byte & 127) * factor;
    }
    return value;
  };
  for (let cell = 0; at < end; ) {
    const delta = content[at++] ?? 0;
    cell += delta < 128 ? delta : readOn(delta);
    const plays = content[at++] ?? 0;
    const playsRead = plays < 128 ? plays : readOn(plays);
    const heard = content[at++] ?? 0;
    visit(cell, playsRead, heard < 128 ? heard : readOn(heard));
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
    visitTally(content, (cell, plays, heardMs) => {
      writeChangesBefore(cell);
      if (cells[next] !== cell) {
        write(cell, plays, heardMs);
        return;
      }
      const change = changeOf(cell);
      write(cell, plays + change.plays, heardMs + change.heardMs);
      next += 1;
    });
  }
  writeChangesBefore(Number.POSITIVE_INFINITY);
  const merged = writer.bytes();
  return merged.length === 0 ? undefined : merged;
}
