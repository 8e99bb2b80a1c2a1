/** Reads the columns of one stream's batches, and refuses what is not as the interface says. */
import type { StringColumn } from "@segue/contracts/analytics";
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import { invalidRow } from "../invalid-row.ts";

/** Which batch is read: its number in the stream, from 0, and its rows. */
export interface BatchPlace {
  readonly batch: number;
  readonly rows: number;
}

/** One column of strings: its dictionary grows with each batch. */
export class StringColumnReader {
  readonly dictionary: string[] = [];
  readonly #name: string;
  readonly #codes: NumberReader;

  /** @param name as in PlayBatch, such as `artists` */
  constructor(name: string) {
    this.#name = name;
    this.#codes = new NumberReader(`${name}.codes`);
  }

  /** The codes of the batch's rows, each within the dictionary; good until the next batch is read. */
  read(column: StringColumn | undefined, place: BatchPlace): Uint32Array {
    if (column === undefined) {
      throw invalidRow(
        `Batch ${place.batch}`,
        `plays.${this.#name}`,
        `it has no column ${this.#name}, which this call reads`,
      );
    }
    for (const entry of column.added) this.dictionary.push(entry);
    const codes = this.#codes.read(column.codes, place);
    const size = this.dictionary.length;
    const row = firstAbove(codes, size - 1);
    if (row === -1) return codes;
    throw invalidRow(
      `Batch ${place.batch}, row ${row}`,
      `plays.${this.#name}.codes[${row}]`,
      `code ${codes[row]} is not in the dictionary of ${size} entries; add its string first`,
    );
  }
}

/** The column of seconds. */
export class SecondsReader {
  readonly #seconds = new NumberReader("seconds");

  /**
   * Seconds of the batch's rows, none negative and none longer than a play can be; good until the next
   * batch is read.
   */
  read(bytes: Uint8Array, place: BatchPlace): Int32Array {
    const unsigned = this.#seconds.read(bytes, place);
    const seconds = new Int32Array(unsigned.buffer, 0, unsigned.length);
    // As an unsigned number a negative one is above every bound.
    const row = firstAbove(unsigned, PLAY_SECONDS_MAX);
    if (row === -1) return seconds;
    throw invalidRow(
      `Batch ${place.batch}, row ${row}`,
      `plays.seconds[${row}]`,
      `${seconds[row]} s is not from 0 to ${PLAY_SECONDS_MAX} (24 days); correct it or leave the row out`,
    );
  }
}

/** One number per row of 1, 2 or 4 bytes, made 4 bytes wide in memory that every batch takes again. */
class NumberReader {
  readonly #column: string;
  #numbers = new Uint32Array(0);

  constructor(column: string) {
    this.#column = column;
  }

  read(bytes: Uint8Array, { batch, rows }: BatchPlace): Uint32Array<ArrayBuffer> {
    const width = rows === 0 && bytes.length === 0 ? 1 : bytes.length / rows;
    if (width !== 1 && width !== 2 && width !== 4) {
      throw invalidRow(
        `Batch ${batch}, row ${Math.min(rows, Math.floor(bytes.length / 4))}`,
        `plays.${this.#column}`,
        `${this.#column} has ${bytes.length} bytes; ${rows} rows take ${rows}, ${2 * rows} or ${4 * rows}`,
      );
    }
    if (this.#numbers.length < rows) this.#numbers = new Uint32Array(rows);
    const numbers = this.#numbers.subarray(0, rows);
    if (width === 4) {
      new Uint8Array(numbers.buffer).set(bytes);
    } else if (width === 2) {
      for (let row = 0; row < rows; row++) {
        numbers[row] = (bytes[2 * row] as number) | ((bytes[2 * row + 1] as number) << 8);
      }
    } else {
      numbers.set(bytes);
    }
    return numbers;
  }
}

/** Every row passes here, and a plain loop is several times faster than a call for each. */
function firstAbove(values: Uint32Array, max: number): number {
  for (let row = 0; row < values.length; row++) {
    if ((values[row] as number) > max) return row;
  }
  return -1;
}
