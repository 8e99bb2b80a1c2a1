/** Plays as columns of numbers: the form in which they are read, sent and never become objects. */

/** Strings coded as numbers; the dictionary grows from batch to batch of one run. */
export interface CodedColumn {
  /** The next entries of the dictionary: code 0 is the first entry of the first batch. */
  readonly added: readonly string[];
  /** One code per row. */
  readonly codes: Uint32Array<ArrayBuffer>;
}

export interface CodedPlays {
  /** Position of the first row among all plays of the run, from 0. */
  readonly firstRow: number;
  readonly rowCount: number;
  readonly users: CodedColumn;
  readonly songs: CodedColumn;
  readonly artists: CodedColumn;
  readonly genres: CodedColumn;
  /** Only where a service is called that wants them. */
  readonly timestamps?: CodedColumn;
  readonly seconds: Int32Array<ArrayBuffer>;
}

/** Rows of a batch: a column of codes takes 128 KiB, far below every message limit. */
export const BATCH_ROWS_MAX = 32_768;

/** New dictionary entries of a batch, in bytes; with them a message stays below 3 MiB. */
export const BATCH_ADDED_BYTES_MAX = 1024 * 1024;
