/** Gathers rows into coded batches; one for a whole run, so that codes hold across its files. */
import { BadRows } from "./bad-rows.ts";
import { ByteDictionary, HAS_NUL, TOO_LONG, VALUE_BYTES_MAX } from "./byte-dictionary.ts";
import {
  BATCH_ADDED_BYTES_MAX,
  BATCH_ROWS_MAX,
  type CodedColumn,
  type CodedPlays,
} from "./coded-plays.ts";
import { LineMap } from "./line-map.ts";

/** Some plays by column; codes come from the dictionaries of the batcher that is given them. */
export interface CodedRows {
  readonly users: Int32Array;
  readonly songs: Int32Array;
  readonly artists: Int32Array;
  readonly genres: Int32Array;
  /** Any numbers where timestamps are not read. */
  readonly timestamps: Int32Array;
  readonly seconds: Int32Array;
  /** Of the file, where each is. */
  readonly lines: Float64Array;
}

class CodeColumn {
  readonly dictionary = new ByteDictionary();
  codes = new Uint32Array(BATCH_ROWS_MAX);

  take(rowCount: number): CodedColumn {
    const codes = this.codes.subarray(0, rowCount);
    this.codes = new Uint32Array(BATCH_ROWS_MAX);
    return { added: this.dictionary.takeAdded(), codes };
  }
}

export class PlayBatcher {
  readonly badRows = new BadRows();
  readonly lines = new LineMap();
  readonly hasTimestamps: boolean;
  readonly #users = new CodeColumn();
  readonly #songs = new CodeColumn();
  readonly #artists = new CodeColumn();
  readonly #genres = new CodeColumn();
  readonly #timestamps = new CodeColumn();
  #seconds = new Int32Array(BATCH_ROWS_MAX);
  #rowCount = 0;
  #firstRow = 0;
  #full: CodedPlays[] = [];

  constructor({ hasTimestamps }: { hasTimestamps: boolean }) {
    this.hasTimestamps = hasTimestamps;
  }

  /** Plays so far. */
  get rowsTotal(): number {
    return this.#firstRow + this.#rowCount;
  }

  get users(): ByteDictionary {
    return this.#users.dictionary;
  }

  get songs(): ByteDictionary {
    return this.#songs.dictionary;
  }

  get artists(): ByteDictionary {
    return this.#artists.dictionary;
  }

  get genres(): ByteDictionary {
    return this.#genres.dictionary;
  }

  get timestamps(): ByteDictionary {
    return this.#timestamps.dictionary;
  }

  add(rows: CodedRows, file: string): void {
    const count = rows.seconds.length;
    for (let from = 0; from < count; ) {
      const to = Math.min(count, from + BATCH_ROWS_MAX - this.#rowCount);
      this.#append(rows, from, to, file);
      from = to;
      if (this.#rowCount === BATCH_ROWS_MAX) this.flush();
    }
    if (this.#addedBytes() >= BATCH_ADDED_BYTES_MAX) this.flush();
  }

  /** Counts a row of which a value has no code. @param problem what the dictionary said instead */
  leaveOut(problem: number, file: string, line: number): void {
    if (problem === TOO_LONG) {
      this.badRows.add(
        file,
        line,
        "length",
        () => `has a value of more than ${VALUE_BYTES_MAX} bytes`,
      );
    } else if (problem === HAS_NUL) {
      this.badRows.add(file, line, "encoding", () => "has a byte 0, which no text has");
    } else {
      this.badRows.add(file, line, "encoding", () => "is not text in UTF-8");
    }
  }

  /** Ends a batch, as at the end of the run. */
  flush(): void {
    const rowCount = this.#rowCount;
    if (rowCount === 0) return;
    this.lines.startBatch(this.#firstRow);
    this.#full.push({
      firstRow: this.#firstRow,
      rowCount,
      users: this.#users.take(rowCount),
      songs: this.#songs.take(rowCount),
      artists: this.#artists.take(rowCount),
      genres: this.#genres.take(rowCount),
      ...(this.hasTimestamps ? { timestamps: this.#timestamps.take(rowCount) } : {}),
      seconds: this.#seconds.subarray(0, rowCount),
    });
    this.#seconds = new Int32Array(BATCH_ROWS_MAX);
    this.#firstRow += rowCount;
    this.#rowCount = 0;
  }

  /** Batches that are full since the last time. */
  takeFull(): CodedPlays[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  #append(rows: CodedRows, from: number, to: number, file: string): void {
    const row = this.#rowCount;
    this.#users.codes.set(rows.users.subarray(from, to), row);
    this.#songs.codes.set(rows.songs.subarray(from, to), row);
    this.#artists.codes.set(rows.artists.subarray(from, to), row);
    this.#genres.codes.set(rows.genres.subarray(from, to), row);
    if (this.hasTimestamps) this.#timestamps.codes.set(rows.timestamps.subarray(from, to), row);
    this.#seconds.set(rows.seconds.subarray(from, to), row);
    this.lines.add(this.#firstRow + row, file, rows.lines.subarray(from, to));
    this.#rowCount = row + to - from;
  }

  #addedBytes(): number {
    return (
      this.users.addedBytes +
      this.songs.addedBytes +
      this.artists.addedBytes +
      this.genres.addedBytes +
      this.timestamps.addedBytes
    );
  }
}
