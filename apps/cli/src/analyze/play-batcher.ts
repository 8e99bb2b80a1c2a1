/** Gathers rows into coded batches; one for a whole run, so that codes hold across its files. */
import { BadRows } from "./bad-rows.ts";
import { ByteDictionary } from "./byte-dictionary.ts";
import {
  BATCH_ADDED_BYTES_MAX,
  BATCH_ROWS_MAX,
  type CodedColumn,
  type CodedPlays,
} from "./coded-plays.ts";
import { LineMap } from "./line-map.ts";

export interface PlayCodes {
  user: number;
  song: number;
  artist: number;
  genre: number;
  /** Any number where timestamps are not read. */
  timestamp: number;
  seconds: number;
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

  /** Codes come from the dictionaries of this batcher. */
  add(play: PlayCodes, file: string, line: number): void {
    const row = this.#rowCount;
    this.lines.add(this.#firstRow + row, file, line);
    this.#users.codes[row] = play.user;
    this.#songs.codes[row] = play.song;
    this.#artists.codes[row] = play.artist;
    this.#genres.codes[row] = play.genre;
    if (this.hasTimestamps) this.#timestamps.codes[row] = play.timestamp;
    this.#seconds[row] = play.seconds;
    this.#rowCount = row + 1;
    if (this.#rowCount === BATCH_ROWS_MAX || this.#addedBytes() >= BATCH_ADDED_BYTES_MAX) {
      this.flush();
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
