/** A CSV file, a compressed one or standard input, chunk by chunk into the batcher. */
import { createReadStream } from "node:fs";
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
  const { stdin, onBytes, signal } = options;
  const source =
    file.path === undefined ? stdin : createReadStream(file.path, { highWaterMark: READ_BYTES });
  const chunks = counted(source, onBytes, signal)[Symbol.asyncIterator]();
  const first = await beginningOf(chunks);
  const format = file.format ?? formatOf(first, file.name);
  if (format === "parquet") {
    throw invalidFile(file.name, "is Parquet, which is read from its end; save it to a file first");
  }
  const whole = withFirst(first, chunks);
  yield* format === "gzip" ? unpacked(whole, file.name) : withoutMark(whole);
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

/** Ends with the signal at once, even where no more bytes come, as of a terminal. */
async function* counted(
  source: Readable,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of addAbortSignal(signal, source)) {
    const piece = chunk as Buffer;
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
    beginning =
      beginning.length === 0
        ? (next.value as Buffer<ArrayBuffer>)
        : Buffer.concat([beginning, next.value]);
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
