/**
 * How much more often than by chance two songs share a session: positive pointwise mutual
 * information with context smoothing (Levy, Goldberg and Dagan, TACL 2015), as a sparse matrix.
 */
import type { Sessions } from "../sessions/sessions.ts";
import { type CooccurrenceOptions, eachCooccurrences } from "./occurrences.ts";

/** Symmetric, in compressed rows. */
export interface SparseMatrix {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** The usual 3/4 on one side of the pair, spread evenly over both so that the matrix is symmetric. */
const SMOOTHING = 0.875;
/** Bounds the work for long sessions; further pairs weigh little. */
const PAIRS: CooccurrenceOptions = {
  direction: "both",
  distanceMax: 30,
  weigh: (distance) => 1 / distance,
};
/** Strongest entries kept in each row. */
const ENTRIES_PER_ROW_MAX = 400;

export function associationMatrix(sessions: Sessions, songCount: number): SparseMatrix {
  const smoothed = smoothedTotals(sessions, songCount);
  const total = smoothed.reduce((sum, value) => sum + value, 0);
  const offsets = new Int32Array(songCount + 1);
  const columns: Int32Array[] = [];
  const values: Float32Array[] = [];
  eachCooccurrences(sessions, songCount, PAIRS, (song, { songs, weights }) => {
    const row: { column: number; value: number }[] = [];
    for (const other of songs) {
      const expected = (smoothed[song] as number) * (smoothed[other] as number);
      const value = Math.log(((weights[other] as number) * total) / expected);
      if (value > 0) row.push({ column: other, value });
    }
    if (row.length > ENTRIES_PER_ROW_MAX) {
      row.sort((one, other) => other.value - one.value || one.column - other.column);
      row.length = ENTRIES_PER_ROW_MAX;
    }
    columns.push(Int32Array.from(row, (entry) => entry.column));
    values.push(Float32Array.from(row, (entry) => entry.value));
    offsets[song + 1] = (offsets[song] as number) + row.length;
  });
  return { size: songCount, offsets, columns: joinIntegers(columns), values: joinFloats(values) };
}

function smoothedTotals(sessions: Sessions, songCount: number): Float64Array {
  const totals = new Float64Array(songCount);
  eachCooccurrences(sessions, songCount, PAIRS, (song, { songs, weights }) => {
    let sum = 0;
    for (const other of songs) sum += weights[other] as number;
    totals[song] = sum ** SMOOTHING;
  });
  return totals;
}

function joinIntegers(rows: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    joined.set(row, offset);
    offset += row.length;
  }
  return joined;
}

function joinFloats(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    joined.set(row, offset);
    offset += row.length;
  }
  return joined;
}
