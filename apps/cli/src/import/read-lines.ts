import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "@segue/errors";

export interface TextLine {
  /** From 1. */
  readonly number: number;
  /** Without its end; only the beginning of a line that is too long. */
  readonly text: string;
  readonly isTooLong: boolean;
}

export interface TextFile {
  readonly path: string;
  readonly bytesTotal: number;
  /** The beginning, decoded. */
  readonly beginning: string;
  readonly encoding: "utf-8" | "utf-16le";
}

/** A longer line is no row of ours, and is not held in memory. */
export const LINE_CHARACTERS_MAX = 1024 * 1024;
const BEGINNING_BYTES = 4096;
const READ_BYTES = 256 * 1024;

/** Looks at a file before it is read; throws IMPORT_INVALID when it is missing, empty or not text. */
export async function inspectTextFile(path: string): Promise<TextFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const stat = await handle.stat();
    if (stat.isDirectory()) throw invalid(path, "is a folder; name one of the files in it");
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytesRead === 0) throw invalid(path, "is empty; export it again");
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
    const kind = binaryKindOf(bytes);
    if (encoding === "utf-8" && kind !== undefined) throw invalid(path, kind);
    const beginning = new TextDecoder(encoding).decode(bytes);
    return { path, bytesTotal: stat.size, beginning, encoding };
  } catch (thrown) {
    throw fromFileError(thrown, path);
  } finally {
    await handle?.close();
  }
}

/** Lines in order, many at a time; `onBytes` is told how far the file has been read. */
export async function* readLines(
  file: TextFile,
  onBytes: (bytes: number) => void,
): AsyncGenerator<TextLine[]> {
  const decoder = new TextDecoder(file.encoding);
  const splitter = new LineSplitter();
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: READ_BYTES })) {
      const piece = chunk as Buffer;
      bytes += piece.length;
      const lines = splitter.push(decoder.decode(piece, { stream: true }));
      onBytes(bytes);
      if (lines.length > 0) yield lines;
    }
  } catch (thrown) {
    throw fromFileError(thrown, file.path);
  }
  const last = [...splitter.push(decoder.decode()), ...splitter.end()];
  if (last.length > 0) yield last;
}

class LineSplitter {
  #rest = "";
  #isTooLong = false;
  #number = 0;

  push(text: string): TextLine[] {
    const pieces = text.split("\n");
    const lines: TextLine[] = [];
    for (const [index, piece] of pieces.entries()) {
      this.#append(piece);
      if (index < pieces.length - 1) lines.push(this.#take());
    }
    return lines;
  }

  end(): TextLine[] {
    return this.#rest === "" ? [] : [this.#take()];
  }

  #append(piece: string): void {
    if (this.#isTooLong) return;
    this.#rest = this.#rest === "" ? piece : this.#rest + piece;
    if (this.#rest.length <= LINE_CHARACTERS_MAX) return;
    this.#isTooLong = true;
    this.#rest = this.#rest.slice(0, 100);
  }

  #take(): TextLine {
    this.#number += 1;
    const text = this.#rest.endsWith("\r") ? this.#rest.slice(0, -1) : this.#rest;
    const line = { number: this.#number, text, isTooLong: this.#isTooLong };
    this.#rest = "";
    this.#isTooLong = false;
    return line;
  }
}

function binaryKindOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes).toString("latin1");
  if (start.startsWith("PK\x03\x04")) return "is a zip archive; unpack it and import its files";
  if (start.startsWith("\x1f\x8b")) return "is compressed (gzip); unpack it first";
  if (start.startsWith("SQLite format 3")) return "is a database; export its table as CSV first";
  if (bytes.includes(0)) return "is not text; CSV and JSON Lines in UTF-8 can be imported";
  return undefined;
}

function fromFileError(thrown: unknown, path: string): unknown {
  switch ((thrown as { code?: unknown }).code) {
    case "ENOENT":
      return invalid(path, "does not exist; check the name and the folder", thrown);
    case "EACCES":
      return invalid(path, "cannot be read by this user; change its permissions", thrown);
    case "EISDIR":
      return invalid(path, "is a folder; name one of the files in it", thrown);
    default:
      return thrown;
  }
}

export function invalid(path: string, problem: string, cause?: unknown): AppError {
  return new AppError("IMPORT_INVALID", `The file ${path} ${problem}.`, {
    cause,
    details: { file: path },
  });
}
