import type { PlayBatch } from "@segue/contracts/analytics";
import { invalidRow } from "../invalid-row.ts";
import type { BatchPlace } from "./column-reader.ts";

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
    yield { plays, place: { batch, rows: plays.rows }, firstRow };
    batch += 1;
  }
}
