import type { PlayBatch } from "@segue/contracts/analytics";
import { invalidRow } from "../invalid-row.ts";
import type { BatchPlace } from "./column-reader.ts";

/** Narrow columns take four times their bytes here, and a batch of so many is far too large already. */
const BATCH_ROWS_MAX = 16 * 1024 * 1024;

export interface PlacedBatch {
  readonly plays: PlayBatch;
  readonly place: BatchPlace;
  readonly firstRow: number;
}

/** The batches of a call in order, each with its number; row numbers stay exact in float64. */
export async function* playBatches(
  requests: AsyncIterable<{ readonly plays?: PlayBatch | undefined }>,
): AsyncGenerator<PlacedBatch> {
  let batch = 0;
  for await (const { plays } of requests) {
    if (plays === undefined) throw invalidRow(`Batch ${batch}`, "plays", "it holds no plays");
    const firstRow = Number(plays.firstRow);
    if (!Number.isSafeInteger(firstRow + plays.rows)) {
      throw invalidRow(
        `Batch ${batch}`,
        "plays.first_row",
        `first_row ${plays.firstRow} is beyond 2^53; number the rows from 0`,
      );
    }
    if (plays.rows > BATCH_ROWS_MAX) {
      throw invalidRow(
        `Batch ${batch}`,
        "plays.rows",
        `${plays.rows} rows are more than ${BATCH_ROWS_MAX}; send batches of 50 to 200 thousand`,
      );
    }
    yield { plays, place: { batch, rows: plays.rows }, firstRow };
    batch += 1;
  }
}
