/** Rows whose fields have been found, until there are enough of them to be coded at once. */
import { type ByteDictionary, paddedSource } from "./byte-dictionary.ts";
import { type FieldPlaces, makeFieldPlaces } from "./field-places.ts";
import type { PlayBatcher } from "./play-batcher.ts";
import type { ColumnPlaces } from "./play-columns.ts";

const ROWS_MAX = 512;
/** What the rows of a block add to the dictionaries goes out in one message. */
const BYTES_MAX = 512 * 1024;

interface BlockColumn {
  /** Undefined where the file has no such column. */
  readonly field: number | undefined;
  readonly dictionary: ByteDictionary;
  readonly codes: Int32Array;
}

export class RowBlock {
  /** Room for every row of a block; whoever finds a row notes its fields from `nextAt` on. */
  readonly places: FieldPlaces;
  readonly #batcher: PlayBatcher;
  readonly #file: string;
  readonly #users: BlockColumn;
  readonly #songs: BlockColumn;
  readonly #artists: BlockColumn;
  readonly #genres: BlockColumn;
  readonly #timestamps: BlockColumn;
  /** Those that are read. */
  readonly #columns: readonly BlockColumn[];
  readonly #seconds = new Int32Array(ROWS_MAX);
  readonly #lines = new Float64Array(ROWS_MAX);
  #count = 0;

  constructor(
    batcher: PlayBatcher,
    file: string,
    columnPlaces: ColumnPlaces,
    fieldsPerRow: number,
  ) {
    this.places = makeFieldPlaces(ROWS_MAX, fieldsPerRow);
    this.#batcher = batcher;
    this.#file = file;
    this.#users = blockColumn(columnPlaces.user_id, batcher.users);
    this.#songs = blockColumn(columnPlaces.song_id, batcher.songs);
    this.#artists = blockColumn(columnPlaces.artist, batcher.artists);
    this.#genres = blockColumn(columnPlaces.genre, batcher.genres);
    this.#timestamps = blockColumn(columnPlaces.timestamp, batcher.timestamps);
    const columns = [this.#users, this.#songs, this.#artists, this.#genres];
    this.#columns = batcher.hasTimestamps ? [...columns, this.#timestamps] : columns;
  }

  get nextAt(): number {
    return this.#count * this.places.fieldsPerRow;
  }

  get isFull(): boolean {
    const { starts, ends } = this.places;
    const bytes = (ends[this.nextAt - 1] ?? 0) - (starts[0] ?? 0);
    return this.#count === ROWS_MAX || bytes >= BYTES_MAX;
  }

  /** Takes the row whose fields have been noted; its bytes must stay until `read`. */
  add(seconds: number, line: number): void {
    this.#seconds[this.#count] = seconds;
    this.#lines[this.#count] = line;
    this.#count += 1;
  }

  /** Makes plays of the rows added, in order; `source` is what their places are in. */
  read(source: DataView): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    for (const { field, dictionary, codes } of this.#columns) {
      if (field === undefined) codes.fill(dictionary.codeOf(source, 0, 0));
      else dictionary.codesOf(source, this.places, field, codes.subarray(0, count));
    }
    const isWhole = this.#columns.every(({ codes }) => isCoded(codes, count));
    this.#pass(isWhole ? count : this.#leaveOutUncoded(count));
  }

  /** The same for one row that lies elsewhere, when those before it have been read. */
  readAlone(values: readonly Uint8Array[], seconds: number, line: number): void {
    const { starts, ends } = this.places;
    let start = 0;
    for (const [field, { length }] of values.entries()) {
      starts[field] = start;
      start += length;
      ends[field] = start;
    }
    this.add(seconds, line);
    this.read(paddedSource(Buffer.concat(values)));
  }

  #pass(count: number): void {
    this.#batcher.add(
      {
        users: this.#users.codes.subarray(0, count),
        songs: this.#songs.codes.subarray(0, count),
        artists: this.#artists.codes.subarray(0, count),
        genres: this.#genres.codes.subarray(0, count),
        timestamps: this.#timestamps.codes.subarray(0, count),
        seconds: this.#seconds.subarray(0, count),
        lines: this.#lines.subarray(0, count),
      },
      this.#file,
    );
  }

  /** Moves the rows that have all their codes to the front; how many those are. */
  #leaveOutUncoded(count: number): number {
    let kept = 0;
    for (let row = 0; row < count; row++) {
      const line = this.#lines[row] as number;
      const worst = Math.min(...this.#columns.map(({ codes }) => codes[row] as number));
      if (worst < 0) {
        this.#batcher.leaveOut(worst, this.#file, line);
        continue;
      }
      for (const { codes } of this.#columns) codes[kept] = codes[row] as number;
      this.#seconds[kept] = this.#seconds[row] as number;
      this.#lines[kept] = line;
      kept += 1;
    }
    return kept;
  }
}

function blockColumn(field: number | undefined, dictionary: ByteDictionary): BlockColumn {
  return { field, dictionary, codes: new Int32Array(ROWS_MAX) };
}

/** Whether none of them says why there is no code. */
function isCoded(codes: Int32Array, count: number): boolean {
  let signs = 0;
  for (let row = 0; row < count; row++) signs |= codes[row] as number;
  return signs >= 0;
}
