/** Reads the columns of one stream's batches, and refuses what is not as the interface says. */
import type { StringColumn } from "@segue/contracts/analytics";
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import { invalidRow } from "../invalid-row.ts";

/** Which batch is read: its number in the stream, from 0, and its rows. */
export interface BatchPlace {
  readonly batch: number;
  readonly rows: number;
}

const BYTES_PER_CODE = 4;

/** One column of strings: its dictionary grows with each batch. */
export class StringColumnReader {
  readonly dictionary: string[] = [];
  readonly #name: string;

  /** @param name as in PlayBatch, such as `artists` */
  constructor(name: string) {
    this.#name = name;
  }

  /** The codes of the batch's rows, each within the dictionary, in memory of their own. */
  read(column: StringColumn | undefined, { batch, rows }: BatchPlace): Uint32Array<ArrayBuffer> {
    if (column === undefined) {
      throw invalidRow(
        `Batch ${batch}`,
        `plays.${this.#name}`,
        `it has no column ${this.#name}, which this call reads`,
      );
    }
    for (const entry of column.added) this.dictionary.push(entry);
    const codes = new Uint32Array(
      ownBytes(column.codes, { batch, rows }, `${this.#name}.codes`).buffer,
    );
    const size = this.dictionary.length;
    const row = firstOutside(codes, 0, size - 1);
    if (row === -1) return codes;
    throw invalidRow(
      `Batch ${batch}, row ${row}`,
      `plays.${this.#name}.codes[${row}]`,
      `code ${codes[row]} is not in the dictionary of ${size} entries; add its string first`,
    );
  }
}

/** Seconds of the batch's rows, none negative and none longer than a play can be. */
export function readSeconds(bytes: Uint8Array, place: BatchPlace): Int32Array<ArrayBuffer> {
  const seconds = new Int32Array(ownBytes(bytes, place, "seconds").buffer);
  const row = firstOutside(seconds, 0, PLAY_SECONDS_MAX);
  if (row === -1) return seconds;
  throw invalidRow(
    `Batch ${place.batch}, row ${row}`,
    `plays.seconds[${row}]`,
    `${seconds[row]} s is not from 0 to ${PLAY_SECONDS_MAX} (24 days); correct it or leave the row out`,
  );
}

/** Every row passes here, and a plain loop is several times faster than a call for each. */
function firstOutside(values: Uint32Array | Int32Array, min: number, max: number): number {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (value < min || value > max) return row;
  }
  return -1;
}

/** A copy, because views of four-byte numbers need an aligned start and threads need it alone. */
function ownBytes(
  bytes: Uint8Array,
  { batch, rows }: BatchPlace,
  column: string,
): Uint8Array<ArrayBuffer> {
  if (bytes.length === BYTES_PER_CODE * rows) return new Uint8Array(bytes);
  throw invalidRow(
    `Batch ${batch}, row ${Math.min(rows, Math.floor(bytes.length / BYTES_PER_CODE))}`,
    `plays.${column}`,
    `${column} has ${bytes.length} bytes; ${rows} rows take ${BYTES_PER_CODE * rows}`,
  );
}
