import { setImmediate as nextTurn } from "node:timers/promises";

/** About 10 ms of work. */
const ROWS_PER_TURN = 20_000;

/**
 * Slices of a list with a turn of the event loop after each, in which other calls go on and a caller
 * that has gone or a deadline that has passed is noticed: then it throws the signal's reason.
 */
export async function* inTurns<Row>(
  rows: readonly Row[],
  signal: AbortSignal,
): AsyncGenerator<{ readonly firstRow: number; readonly slice: readonly Row[] }> {
  for (let firstRow = 0; firstRow < rows.length; firstRow += ROWS_PER_TURN) {
    signal.throwIfAborted();
    yield { firstRow, slice: rows.slice(firstRow, firstRow + ROWS_PER_TURN) };
    await nextTurn();
  }
  signal.throwIfAborted();
}
