/**
 * Parquet by DuckDB: a column's distinct values become an enumeration, so that rows leave DuckDB as
 * numbers, chunk by chunk. What exceeds the memory limit is spilled to a folder that goes with it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { AppError } from "@segue/errors";
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import { type ByteDictionary, paddedSource } from "./byte-dictionary.ts";
import type { CodedPlays } from "./coded-plays.ts";
import { durationProblem } from "./csv-scanner.ts";
import type { CodedRows, PlayBatcher } from "./play-batcher.ts";
import { type ColumnPlaces, columnPlacesOf } from "./play-columns.ts";
import { invalidFile, type PlayFile } from "./play-file.ts";

export const MEMORY_LIMIT = "1GB";

/** A duration that is no whole number of seconds, in the column of seconds. */
const BAD = -1;
/** No code, and nothing that a dictionary says instead of one. */
const UNSEEN = -0x8000_0000;

type ParquetFile = PlayFile & { readonly path: string };

export interface ParquetOptions {
  /** Share of the rows read, 0 to 1. */
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

export async function* readParquetPlays(
  file: ParquetFile,
  batcher: PlayBatcher,
  options: ParquetOptions,
): AsyncGenerator<CodedPlays> {
  const spillFolder = mkdtempSync(join(tmpdir(), "segue-analyze-"));
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY_LIMIT,
    temp_directory: spillFolder,
    autoinstall_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    options.signal.addEventListener("abort", interrupt, { once: true });
    try {
      yield* readWith(connection, file, batcher, options);
    } catch (thrown) {
      options.signal.throwIfAborted();
      if (thrown instanceof AppError) throw thrown;
      const problem = thrown instanceof Error ? thrown.message.split("\n", 1)[0] : String(thrown);
      throw invalidFile(file.name, `cannot be read as Parquet: ${problem}`, thrown);
    } finally {
      options.signal.removeEventListener("abort", interrupt);
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    rmSync(spillFolder, { recursive: true, force: true });
  }
}

async function* readWith(
  connection: DuckDBConnection,
  file: ParquetFile,
  batcher: PlayBatcher,
  { onShare, signal }: ParquetOptions,
): AsyncGenerator<CodedPlays> {
  const source = sourceSql(file.path);
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const names = described.getRowsJS().map(([name]) => String(name));
  const types = described.getRowsJS().map(([, type]) => String(type));
  const places = columnPlacesOf(names, file.name);
  const columns: EnumeratedColumn[] = [];
  for (const wanted of wantedColumns(batcher, names, places)) {
    columns.push(await enumerate(connection, source, wanted));
  }
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source}`);
  const rowsTotal = Number(counted.getRowsJS()[0]?.[0] ?? 0);
  const duration = {
    name: quoted(names[places.duration] ?? ""),
    type: types[places.duration] ?? "",
  };
  const result = await connection.stream(rowsSql(source, columns, duration));
  const rows = new ParquetRows(file.name, batcher, columns);
  for (;;) {
    const chunk = await result.fetchChunk();
    signal.throwIfAborted();
    if (chunk === null || chunk.rowCount === 0) return;
    rows.add(chunk);
    onShare(rows.count / rowsTotal);
    yield* batcher.takeFull();
  }
}

interface WantedColumn {
  readonly field: Exclude<keyof CodedRows, "seconds" | "lines">;
  /** Its values as text. */
  readonly sql: string;
  readonly dictionary: ByteDictionary;
}

interface EnumeratedColumn extends WantedColumn {
  readonly values: readonly string[];
  /** The run's code by the enumeration's, or UNSEEN. */
  readonly codes: Int32Array;
}

function wantedColumns(
  batcher: PlayBatcher,
  names: readonly string[],
  places: ColumnPlaces,
): WantedColumn[] {
  const wanted = [
    { field: "users", place: places.user_id, dictionary: batcher.users },
    { field: "songs", place: places.song_id, dictionary: batcher.songs },
    { field: "artists", place: places.artist, dictionary: batcher.artists },
    { field: "genres", place: places.genre, dictionary: batcher.genres },
    {
      field: "timestamps",
      place: batcher.hasTimestamps ? places.timestamp : undefined,
      dictionary: batcher.timestamps,
    },
  ] as const;
  return wanted.flatMap(({ field, place, dictionary }) => {
    if (place === undefined) return [];
    return [{ field, sql: `coalesce(${quoted(names[place] ?? "")}::VARCHAR, '')`, dictionary }];
  });
}

async function enumerate(
  connection: DuckDBConnection,
  source: string,
  wanted: WantedColumn,
): Promise<EnumeratedColumn> {
  const type = enumerationOf(wanted);
  await connection.run(
    `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${wanted.sql} FROM ${source})`,
  );
  const result = await connection.stream(`SELECT unnest(enum_range(NULL::${type}))::VARCHAR`);
  const values: string[] = [];
  for await (const chunk of result) {
    for (const value of chunk.getColumnValues(0)) values.push(String(value));
  }
  return { ...wanted, values, codes: new Int32Array(values.length).fill(UNSEEN) };
}

function enumerationOf({ field }: WantedColumn): string {
  return `${field}_values`;
}

/** Of this file alone, with its own columns only, and text where a writer did not mark it as text. */
function sourceSql(path: string): string {
  const named = path.replaceAll(/[*?[]/g, "[$&]");
  return `read_parquet(${literal(named)}, hive_partitioning = false, binary_as_string = true)`;
}

/** One column of codes for each enumeration, then the seconds or BAD, then the duration where BAD. */
function rowsSql(
  source: string,
  columns: readonly WantedColumn[],
  duration: { readonly name: string; readonly type: string },
): string {
  const codes = columns.map(
    (column) => `enum_code(${column.sql}::${enumerationOf(column)})::UINTEGER`,
  );
  const text = `trim(coalesce(${duration.name}::VARCHAR, ''))`;
  // A column of whole numbers becomes one with a point where a writer met an empty cell.
  const isFraction = /^(FLOAT|DOUBLE|DECIMAL)/.test(duration.type);
  const isWhole = isFraction
    ? `${duration.name} = floor(${duration.name})`
    : `regexp_full_match(${text}, '[0-9]+')`;
  const seconds = `TRY_CAST(${isFraction ? duration.name : text} AS INTEGER)`;
  const isGood = `coalesce(${isWhole} AND ${seconds} BETWEEN 0 AND ${PLAY_SECONDS_MAX}, false)`;
  return `SELECT ${codes.join(", ")}, CASE WHEN ${isGood} THEN ${seconds} ELSE ${BAD} END,
    CASE WHEN NOT ${isGood} THEN ${text} END FROM ${source}`;
}

class ParquetRows {
  /** Rows so far, bad ones too. */
  count = 0;
  readonly #fileName: string;
  readonly #batcher: PlayBatcher;
  readonly #columns: readonly EnumeratedColumn[];
  readonly #genreCode: number;

  constructor(fileName: string, batcher: PlayBatcher, columns: readonly EnumeratedColumn[]) {
    this.#fileName = fileName;
    this.#batcher = batcher;
    this.#columns = columns;
    const hasGenre = columns.some(({ field }) => field === "genres");
    this.#genreCode = hasGenre ? 0 : codeOfText(batcher.genres, "");
  }

  add(chunk: DuckDBDataChunk): void {
    const enumerated = this.#columns.map((_, column) => numbersIn(chunk, column));
    const seconds = numbersIn(chunk, enumerated.length);
    const rows = emptyRows(chunk.rowCount);
    rows.genres.fill(this.#genreCode);
    let kept = 0;
    for (let row = 0; row < chunk.rowCount; row++) {
      this.count += 1;
      rows.seconds[kept] = seconds[row] ?? BAD;
      rows.lines[kept] = this.count;
      if (rows.seconds[kept] === BAD) {
        const value = String(chunk.getColumnVector(enumerated.length + 1).getItem(row));
        this.#batcher.badRows.add(this.#fileName, this.count, "duration", () =>
          durationProblem(value),
        );
        continue;
      }
      let worst = 0;
      for (const [at, column] of this.#columns.entries()) {
        const code = runCodeOf(column, enumerated[at]?.[row] ?? 0);
        rows[column.field][kept] = code;
        worst = Math.min(worst, code);
      }
      if (worst < 0) this.#batcher.leaveOut(worst, this.#fileName, this.count);
      else kept += 1;
    }
    this.#batcher.add(firstOf(rows, kept), this.#fileName);
  }
}

function emptyRows(count: number): CodedRows {
  return {
    users: new Int32Array(count),
    songs: new Int32Array(count),
    artists: new Int32Array(count),
    genres: new Int32Array(count),
    timestamps: new Int32Array(count),
    seconds: new Int32Array(count),
    lines: new Float64Array(count),
  };
}

function firstOf(rows: CodedRows, count: number): CodedRows {
  return {
    users: rows.users.subarray(0, count),
    songs: rows.songs.subarray(0, count),
    artists: rows.artists.subarray(0, count),
    genres: rows.genres.subarray(0, count),
    timestamps: rows.timestamps.subarray(0, count),
    seconds: rows.seconds.subarray(0, count),
    lines: rows.lines.subarray(0, count),
  };
}

/** The run's code of a value, which gets one when it is first seen: dictionaries keep that order. */
function runCodeOf(column: EnumeratedColumn, enumerated: number): number {
  const known = column.codes[enumerated] ?? UNSEEN;
  if (known !== UNSEEN) return known;
  const code = codeOfText(column.dictionary, column.values[enumerated] ?? "");
  column.codes[enumerated] = code;
  return code;
}

function codeOfText(dictionary: ByteDictionary, text: string): number {
  const bytes = Buffer.from(text);
  return dictionary.codeOf(paddedSource(bytes), 0, bytes.length);
}

function numbersIn(chunk: DuckDBDataChunk, column: number): readonly number[] {
  return chunk.getColumnValues(column).map(Number);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
