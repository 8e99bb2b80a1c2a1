/**
 * Reads CSV byte by byte straight into coded columns. Quotes as in RFC 4180, line ends LF, CRLF or
 * CR. A row that cannot be read costs its first line only, so that one stray quote does not swallow
 * the rest of the file.
 */
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import type { BadRowReason } from "./bad-rows.ts";
import { SOURCE_PADDING } from "./byte-dictionary.ts";
import { makeFieldPlaces } from "./field-places.ts";
import type { PlayBatcher } from "./play-batcher.ts";
import { type ColumnPlaces, columnPlacesOf } from "./play-columns.ts";
import { invalidFile } from "./play-file.ts";
import { RowBlock } from "./row-block.ts";

/** A longer row is none: most likely a quote that is never closed. */
export const ROW_BYTES_MAX = 1024 * 1024;

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
/** Each byte of a number of 32 bits alike. */
const ONES = 0x01010101;
const LFS = LF * ONES;
const CRS = CR * ONES;
const HIGH_BITS = 0x80808080 | 0;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
/** Columns beyond it are ignored. */
const FIELDS_MAX = 1024;
const SHOWN_CHARACTERS = 40;

/** How the scan of a row ended, where it is not the position after it. */
const INCOMPLETE = -1;
const QUOTE_BROKEN = -2;

const DELIMITERS = [",", ";", "\t"] as const;
/** A first line by which Excel is told the delimiter. */
const SEPARATOR_LINE = /^"?sep=([^"\r\n]?)"?[\r\n]*$/i;
const SEPARATOR_LINE_BYTES_MAX = 16;

export class CsvScanner {
  readonly #batcher: PlayBatcher;
  readonly #file: string;
  /** Where the fields of the row that is read are noted, from `#rowAt` on. */
  #fields = makeFieldPlaces(1, FIELDS_MAX);
  #rowAt = 0;
  /** Values with doubled quotes, by field: they differ from the bytes of the file. */
  readonly #unquoted = new Map<number, Buffer>();
  #places: ColumnPlaces | undefined;
  #block: RowBlock | undefined;
  #delimiter = 44;
  /** Whether a line of its own has told it. */
  #isDelimiterTold = false;
  #headerFieldCount = 0;
  #fieldCount = 0;
  #lineBreaksInside = 0;
  #line = 1;
  /** Whether the rest of a bad row's line is still to come. */
  #isInBadLine = false;
  /** What is scanned, with the padding that dictionaries want: the rest of a row, and a chunk. */
  #memory = Buffer.alloc(0);
  #view = new DataView(new ArrayBuffer(0));
  #rest: Buffer = Buffer.alloc(0);

  constructor(batcher: PlayBatcher, file: string) {
    this.#batcher = batcher;
    this.#file = file;
  }

  /** Whether a header has been read. */
  get hasHeader(): boolean {
    return this.#places !== undefined;
  }

  /** The next bytes of the file, without a byte order mark. */
  push(chunk: Buffer): void {
    const data = this.#behindRest(chunk);
    this.#rest = data.subarray(this.#scan(data, false));
  }

  end(): void {
    this.#scan(this.#behindRest(Buffer.alloc(0)), true);
    this.#rest = Buffer.alloc(0);
  }

  /** From the beginning of the memory on. */
  #behindRest(chunk: Buffer): Buffer {
    const rest = this.#rest;
    const length = rest.length + chunk.length;
    if (length + SOURCE_PADDING > this.#memory.length) {
      const memory = new ArrayBuffer(2 * length + SOURCE_PADDING);
      this.#memory = Buffer.from(memory);
      this.#view = new DataView(memory);
    }
    rest.copy(this.#memory);
    chunk.copy(this.#memory, rest.length);
    // Ends the last field, wherever it is looked for.
    this.#memory.fill(LF, length, length + SOURCE_PADDING);
    return this.#memory.subarray(0, length);
  }

  /** @returns how many bytes are done with */
  #scan(data: Buffer, isFinal: boolean): number {
    const position = this.#scanRows(data, isFinal);
    this.#block?.read(this.#view);
    return position;
  }

  #scanRows(data: Buffer, isFinal: boolean): number {
    let position = 0;
    while (position < data.length) {
      if (this.#isInBadLine) {
        const after = this.#skipLine(data, position, isFinal);
        if (after === position) return position;
        position = after;
        continue;
      }
      if (this.#places === undefined && !this.#isDelimiterTold) {
        this.#delimiter = delimiterOf(data.subarray(position));
      }
      const next = this.#scanRow(data, position, isFinal);
      if (next === INCOMPLETE && data.length - position <= ROW_BYTES_MAX) return position;
      position = this.#finishRow(data, position, next, isFinal);
    }
    return position;
  }

  #finishRow(data: Buffer, start: number, next: number, isFinal: boolean): number {
    const line = this.#line;
    if (next >= 0 && this.#isBlank()) {
      this.#line += 1;
      return next;
    }
    if (this.#places === undefined || this.#block === undefined) {
      if (next >= 0 && this.#readSeparatorLine(data, start, next)) {
        this.#line += 1;
        return next;
      }
      if (next < 0) this.#fieldCount = 0;
      this.#readHeader(data);
    } else if (next === INCOMPLETE) {
      this.#addBad("length", () => `is longer than ${ROW_BYTES_MAX} bytes; is a quote not closed?`);
    } else if (next === QUOTE_BROKEN) {
      this.#addBad("quote", () => "has a quote that is not closed, or text behind a closing one");
    } else if (this.#fieldCount !== this.#headerFieldCount) {
      const count = this.#fieldCount;
      const expected = this.#headerFieldCount;
      this.#addBad("fields", () => `has ${count} field${count === 1 ? "" : "s"}, not ${expected}`);
    } else {
      this.#readPlay(data, this.#places, this.#block);
      this.#line = line + 1 + this.#lineBreaksInside;
      return next;
    }
    this.#line = line + 1;
    // Only its first line: what follows may be rows of its own.
    if (next >= 0 && this.#lineBreaksInside === 0) return next;
    return this.#skipLine(data, start, isFinal);
  }

  /** @returns the position after the line, or how far it can be skipped until more of it comes */
  #skipLine(data: Buffer, start: number, isFinal: boolean): number {
    this.#isInBadLine = false;
    for (let at = start; at < data.length; at++) {
      if (data[at] === LF) return at + 1;
      if (data[at] !== CR) continue;
      if (at + 1 < data.length || isFinal) return data[at + 1] === LF ? at + 2 : at + 1;
      this.#isInBadLine = true;
      return at;
    }
    this.#isInBadLine = !isFinal;
    return data.length;
  }

  /** Notes where each field is; answers the position after the row, or how it failed. */
  #scanRow(data: Buffer, start: number, isFinal: boolean): number {
    const delimiter = this.#delimiter;
    const { starts, ends } = this.#fields;
    const length = data.length;
    const rowAt = this.#block?.nextAt ?? 0;
    let position = start;
    let field = 0;
    this.#rowAt = rowAt;
    this.#lineBreaksInside = 0;
    if (this.#unquoted.size > 0) this.#unquoted.clear();
    for (;;) {
      if (data[position] === QUOTE) {
        position = this.#scanQuoted(data, position, field, isFinal);
        if (position < 0) return position;
      } else {
        starts[rowAt + field] = position;
        position = fieldEndFrom(this.#view, position, delimiter);
        ends[rowAt + field] = position;
      }
      field += 1;
      this.#fieldCount = field;
      if (position >= length) return isFinal ? length : INCOMPLETE;
      const byte = data[position];
      if (byte === LF) return position + 1;
      if (byte === CR) {
        if (position + 1 < length) return data[position + 1] === LF ? position + 2 : position + 1;
        return isFinal ? length : INCOMPLETE;
      }
      position += 1;
    }
  }

  /** From the opening quote to the position after the closing one. */
  #scanQuoted(data: Buffer, start: number, field: number, isFinal: boolean): number {
    let position = start + 1;
    let isDoubled = false;
    for (; ; position++) {
      if (position >= data.length) return isFinal ? QUOTE_BROKEN : INCOMPLETE;
      const byte = data[position];
      if (byte === LF) this.#lineBreaksInside += 1;
      if (byte !== QUOTE) continue;
      if (data[position + 1] !== QUOTE) break;
      isDoubled = true;
      position += 1;
    }
    const after = data[position + 1];
    if (after === undefined && !isFinal) return INCOMPLETE;
    if (after !== undefined && after !== this.#delimiter && after !== LF && after !== CR) {
      return QUOTE_BROKEN;
    }
    this.#noteQuoted(data, field, start + 1, position, isDoubled);
    return position + 1;
  }

  #noteQuoted(data: Buffer, field: number, start: number, end: number, isDoubled: boolean): void {
    let length = end - start;
    if (isDoubled) {
      const text = data.toString("latin1", start, end).replaceAll('""', '"');
      this.#unquoted.set(field, Buffer.from(text, "latin1"));
      length = text.length;
    }
    this.#fields.starts[this.#rowAt + field] = isDoubled ? 0 : start;
    this.#fields.ends[this.#rowAt + field] = isDoubled ? length : end;
  }

  #isBlank(): boolean {
    const { starts, ends } = this.#fields;
    return this.#fieldCount === 1 && starts[this.#rowAt] === ends[this.#rowAt];
  }

  /** Whether the line was one. */
  #readSeparatorLine(data: Buffer, start: number, end: number): boolean {
    if (this.#isDelimiterTold || end - start > SEPARATOR_LINE_BYTES_MAX) return false;
    const told = SEPARATOR_LINE.exec(data.toString("latin1", start, end))?.[1];
    if (told === undefined) return false;
    if (!DELIMITERS.some((delimiter) => delimiter === told)) {
      const problem = `says in its first line that "${told}" separates its columns; save it with commas, semicolons or tabs`;
      throw invalidFile(this.#file, problem);
    }
    this.#delimiter = told.charCodeAt(0);
    this.#isDelimiterTold = true;
    return true;
  }

  #readHeader(data: Buffer): void {
    const fieldsPerRow = Math.min(this.#fieldCount, FIELDS_MAX);
    const fields = Array.from({ length: fieldsPerRow }, (_, field) =>
      this.#bytesOf(data, field).toString("utf8"),
    );
    this.#places = columnPlacesOf(fields, this.#file);
    this.#headerFieldCount = this.#fieldCount;
    this.#block = new RowBlock(this.#batcher, this.#file, this.#places, fieldsPerRow);
    this.#fields = this.#block.places;
  }

  #readPlay(data: Buffer, places: ColumnPlaces, block: RowBlock): void {
    const seconds = this.#secondsAt(data, places.duration);
    if (seconds < 0) {
      const value = this.#shown(data, places.duration);
      this.#addBad("duration", () => durationProblem(value));
    } else if (this.#unquoted.size > 0) {
      const values = Array.from({ length: this.#fieldCount }, (_, field) =>
        this.#bytesOf(data, field),
      );
      block.read(this.#view);
      block.readAlone(values, seconds, this.#line);
    } else {
      block.add(seconds, this.#line);
      if (block.isFull) block.read(this.#view);
    }
  }

  /** Whole seconds in digits, spaces around them aside; negative for everything else. */
  #secondsAt(data: Buffer, field: number): number {
    const source = this.#unquoted.size === 0 ? data : (this.#unquoted.get(field) ?? data);
    let start = this.#fields.starts[this.#rowAt + field] as number;
    let end = this.#fields.ends[this.#rowAt + field] as number;
    while (start < end && source[start] === SPACE) start += 1;
    while (end > start && source[end - 1] === SPACE) end -= 1;
    if (start === end) return -1;
    let seconds = 0;
    for (let at = start; at < end; at++) {
      const byte = source[at] as number;
      if (byte < DIGIT_0 || byte > DIGIT_9) return -1;
      seconds = seconds * 10 + byte - DIGIT_0;
      if (seconds > PLAY_SECONDS_MAX) return -1;
    }
    return seconds;
  }

  #bytesOf(data: Buffer, field: number): Buffer {
    const at = this.#rowAt + field;
    const source = this.#unquoted.get(field) ?? data;
    return source.subarray(this.#fields.starts[at], this.#fields.ends[at]);
  }

  #shown(data: Buffer, field: number): string {
    return this.#bytesOf(data, field).toString("utf8").slice(0, SHOWN_CHARACTERS);
  }

  /** After the rows before it, which may be bad themselves. */
  #addBad(reason: BadRowReason, textOf: () => string): void {
    this.#block?.read(this.#view);
    this.#batcher.badRows.add(this.#file, this.#line, reason, textOf);
  }
}

/**
 * Where the next delimiter or line end is, four bytes at a time: of a number whose byte is 0 the
 * subtraction borrows from its highest bit, and the lowest such bit is always a right one
 * (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord).
 */
function fieldEndFrom(view: DataView, start: number, delimiter: number): number {
  const delimiters = Math.imul(delimiter, ONES);
  for (let position = start; ; position += 4) {
    const bytes = view.getInt32(position, true);
    const toDelimiter = bytes ^ delimiters;
    const toLf = bytes ^ LFS;
    const toCr = bytes ^ CRS;
    const found =
      (((toDelimiter - ONES) & ~toDelimiter) | ((toLf - ONES) & ~toLf) | ((toCr - ONES) & ~toCr)) &
      HIGH_BITS;
    if (found !== 0) return position + ((31 - Math.clz32(found & -found)) >> 3);
  }
}

/** What is wrong with a duration that is no whole number of seconds within the bound. */
export function durationProblem(value: string): string {
  if (value.trim() === "") return "has no duration";
  return `has the duration "${value}", which is not a whole number from 0 to ${PLAY_SECONDS_MAX}`;
}

/** The one that the first line has most of; a comma where it has none. */
function delimiterOf(data: Buffer): number {
  const firstLine = data.toString("latin1", 0, Math.min(data.length, 4096)).split(/[\r\n]/, 1)[0];
  const byCount = DELIMITERS.map((delimiter) => ({
    delimiter,
    count: (firstLine ?? "").split(delimiter).length - 1,
  }));
  const best = byCount.reduce((left, right) => (right.count > left.count ? right : left));
  return best.delimiter.charCodeAt(0);
}
