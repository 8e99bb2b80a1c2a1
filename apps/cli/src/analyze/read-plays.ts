/** Every input in turn, as one run of plays. */
import type { Readable } from "node:stream";
import type { CodedPlays } from "./coded-plays.ts";
import type { PlayBatcher } from "./play-batcher.ts";
import { invalidFile, type PlayFile } from "./play-file.ts";
import { readCsvPlays } from "./read-csv-plays.ts";

export interface ReadProgress {
  /** 0 to 1; undefined where the size is not known, as of standard input. */
  readonly share: number | undefined;
  readonly rows: number;
}

export interface ReadPlaysOptions {
  readonly stdin: Readable;
  readonly onProgress: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/** Throws IMPORT_INVALID for an input that cannot be read, or where none holds a play. */
export async function* readPlays(
  files: readonly PlayFile[],
  batcher: PlayBatcher,
  { stdin, onProgress, signal }: ReadPlaysOptions,
): AsyncGenerator<CodedPlays> {
  const sizes = files.map(({ bytesTotal }) => bytesTotal);
  const isKnown = sizes.every((size) => size !== undefined);
  const bytesTotal = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let bytesBefore = 0;
  const onBytes = (bytes: number) => {
    const share = isKnown ? Math.min(1, (bytesBefore + bytes) / bytesTotal) : undefined;
    onProgress({ share, rows: batcher.rowsTotal + batcher.badRows.found.count });
  };
  for (const file of files) {
    signal.throwIfAborted();
    const size = file.bytesTotal ?? 0;
    if (file.format === "parquet" && file.path !== undefined) {
      // DuckDB takes a second to load and CSV has no need of it.
      const { readParquetPlays } = await import("./read-parquet-plays.ts");
      const onShare = (share: number) => onBytes(share * size);
      yield* readParquetPlays({ ...file, path: file.path }, batcher, { onShare, signal });
    } else {
      yield* readCsvPlays(file, batcher, { stdin, onBytes, signal });
    }
    bytesBefore += size;
  }
  batcher.flush();
  yield* batcher.takeFull();
  if (batcher.rowsTotal === 0 && batcher.badRows.found.count === 0) {
    const names = files.map(({ name }) => name).join(", ");
    throw invalidFile(names, "has a header and no plays");
  }
}
