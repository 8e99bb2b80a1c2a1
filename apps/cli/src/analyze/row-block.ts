/** Rows whose fields have been found, until there are enough of them to be coded at once. */
import { type ByteDictionary, HASH_START, NOT_UTF8, type ValueBlock } from "./byte-dictionary.ts";
import type { PlayBatcher, PlayCodes } from "./play-batcher.ts";
import type { ColumnPlaces } from "./play-columns.ts";

const ROWS_MAX = 512;
/** A column that the file does not have. */
const NOWHERE = -1;

/** Where each field of a row lies in the bytes, and the FNV-1a hash of each. */
export interface FieldPlaces {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
}

interface BlockColumn {
  readonly code: Exclude<keyof PlayCodes, "seconds">;
  readonly field: number;
  readonly dictionary: ByteDictionary;
  readonly values: ValueBlock;
  readonly codes: Int32Array;
}

export class RowBlock {
  readonly #batcher: PlayBatcher;
  readonly #file: string;
  readonly #columns: readonly BlockColumn[];
  readonly #seconds = new Int32Array(ROWS_MAX);
  readonly #lines = new Float64Array(ROWS_MAX);
  readonly #play: PlayCodes = { user: 0, song: 0, artist: 0, genre: 0, timestamp: 0, seconds: 0 };
  #count = 0;

  constructor(batcher: PlayBatcher, file: string, places: ColumnPlaces) {
    this.#batcher = batcher;
    this.#file = file;
    this.#columns = [
      blockColumn("user", places.user_id, batcher.users),
      blockColumn("song", places.song_id, batcher.songs),
      blockColumn("artist", places.artist, batcher.artists),
      blockColumn("genre", places.genre ?? NOWHERE, batcher.genres),
      ...(batcher.hasTimestamps
        ? [blockColumn("timestamp", places.timestamp, batcher.timestamps)]
        : []),
    ];
  }

  get isFull(): boolean {
    return this.#count === ROWS_MAX;
  }

  /** Whether any field that is read is longer. */
  hasLonger({ starts, ends }: FieldPlaces, bytesMax: number): boolean {
    return this.#columns.some(({ field }) => (ends[field] ?? 0) - (starts[field] ?? 0) > bytesMax);
  }

  /** Notes a row; its bytes must stay until `read`. */
  add({ starts, ends, hashes }: FieldPlaces, seconds: number, line: number): void {
    const row = this.#count;
    for (const { field, values } of this.#columns) {
      const isThere = field !== NOWHERE;
      values.starts[row] = isThere ? (starts[field] as number) : 0;
      values.ends[row] = isThere ? (ends[field] as number) : 0;
      values.hashes[row] = isThere ? (hashes[field] as number) : HASH_START | 0;
    }
    this.#seconds[row] = seconds;
    this.#lines[row] = line;
    this.#count = row + 1;
  }

  /** Makes plays of the rows noted, in order; `source` is what their places are in. */
  read(source: Uint8Array): void {
    if (this.#count === 0) return;
    for (const { dictionary, values, codes } of this.#columns) {
      values.count = this.#count;
      dictionary.codesOf(source, values, codes);
    }
    const play = this.#play;
    for (let row = 0; row < this.#count; row++) {
      let worst = 0;
      for (const { code, codes } of this.#columns) {
        const value = codes[row] as number;
        play[code] = value;
        if (value < worst) worst = value;
      }
      play.seconds = this.#seconds[row] as number;
      const line = this.#lines[row] as number;
      if (worst !== NOT_UTF8) this.#batcher.add(play, this.#file, line);
      else this.#batcher.badRows.add(this.#file, line, "encoding", () => "is not text in UTF-8");
    }
    this.#count = 0;
  }
}

function blockColumn(
  code: BlockColumn["code"],
  field: number,
  dictionary: ByteDictionary,
): BlockColumn {
  return {
    code,
    field,
    dictionary,
    values: {
      starts: new Int32Array(ROWS_MAX),
      ends: new Int32Array(ROWS_MAX),
      hashes: new Int32Array(ROWS_MAX),
      count: 0,
    },
    codes: new Int32Array(ROWS_MAX),
  };
}
