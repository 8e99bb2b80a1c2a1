/** A CSV file, a compressed one or standard input, chunk by chunk into the batcher. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { addAbortSignal, pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { CodedPlays } from "./coded-plays.ts";
import { CsvScanner } from "./csv-scanner.ts";
import type { PlayBatcher } from "./play-batcher.ts";
import { formatOf, fromReadError, invalidFile, type PlayFile } from "./play-file.ts";

const READ_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const BEGINNING_BYTES = 16;

export interface ReadOptions {
  readonly stdin: Readable;
  /** Bytes of the input that have been read, as they lie on the disk. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export async function* readCsvPlays(
  file: PlayFile,
  batcher: PlayBatcher,
  options: ReadOptions,
): AsyncGenerator<CodedPlays> {
  const scanner = new CsvScanner(batcher, file.name);
  try {
    for await (const chunk of textOf(file, options)) {
      scanner.push(chunk);
      yield* batcher.takeFull();
    }
  } catch (thrown) {
    throw fromReadError(thrown, file.name);
  }
  scanner.end();
  if (!scanner.hasHeader) throw invalidFile(file.name, "has no header; its lines are blank");
  yield* batcher.takeFull();
}

/** Unpacked and without a byte order mark; the first chunk decides what it is. */
async function* textOf(file: PlayFile, options: ReadOptions): AsyncGenerator<Buffer> {
  const chunks = counted(bytesOf(file, options), options.onBytes)[Symbol.asyncIterator]();
  try {
    const first = await beginningOf(chunks);
    const format = file.format ?? formatOf(first, file.name);
    if (format === "parquet") {
      const problem = "is Parquet, which is read from its end; save it to a file first";
      throw invalidFile(file.name, problem);
    }
    const whole = withFirst(first, chunks);
    yield* format === "gzip" ? unpacked(whole, file.name) : withoutMark(whole);
  } finally {
    // An iterator that is not read to its end has to be told: it holds the file open.
    await chunks.return(undefined);
  }
}

function bytesOf(
  { path, format }: PlayFile,
  { stdin, signal }: ReadOptions,
): AsyncIterable<Buffer> {
  if (path !== undefined && format === "csv") return piecesOf(path, signal);
  const source = path === undefined ? stdin : createReadStream(path, { highWaterMark: READ_BYTES });
  // Ends with the signal at once, even where no more bytes come, as of a terminal.
  return addAbortSignal(signal, source) as AsyncIterable<Buffer>;
}

/** A file in pieces that are good until the next one is asked for: all take the same memory. */
async function* piecesOf(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(READ_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(memory);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* unpacked(packed: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  // An error of either end reaches the loop below through the other.
  pipeline(Readable.from(packed, { objectMode: false }), gunzip, () => {});
  try {
    const chunks = (gunzip as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const first = await beginningOf(chunks);
    if (formatOf(first, name) !== "csv") throw invalidFile(name, "holds no CSV");
    yield* withoutMark(withFirst(first, chunks));
  } finally {
    gunzip.destroy();
  }
}

async function* counted(
  pieces: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    onBytes(bytes);
    yield piece;
  }
}

/** A pipe may give single bytes; a format wants a few to be told. */
async function beginningOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let beginning = Buffer.alloc(0);
  while (beginning.length < BEGINNING_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    if (next.value.length >= BEGINNING_BYTES && beginning.length === 0) return next.value;
    beginning = Buffer.concat([beginning, next.value]);
  }
  return beginning;
}

async function* withFirst(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    isFirst = false;
    yield hasMark ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
  }
}
