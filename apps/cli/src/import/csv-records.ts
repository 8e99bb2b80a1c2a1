import type { TextLine } from "./read-lines.ts";

export interface CsvRecord {
  /** Of its first line. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvProblem {
  readonly line: number;
  readonly problem: string;
}

/** A quoted field may contain line ends, but an unclosed quote must not swallow the rest of the file. */
const RECORD_LINES_MAX = 10;

type Parsed = { readonly fields: string[] } | "open" | "broken";

/**
 * Cuts lines into CSV records (RFC 4180; a quote inside an unquoted field is plain text). A line
 * that cannot begin a record is a problem of its own, and reading goes on with the next line.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #waiting: TextLine[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that are complete now. `isLast`: no line follows. */
  push(lines: readonly TextLine[], isLast: boolean): (CsvRecord | CsvProblem)[] {
    this.#waiting.push(...lines);
    const records: (CsvRecord | CsvProblem)[] = [];
    let start = 0;
    for (;;) {
      const taken = this.#takeRecord(start, isLast);
      if (taken === undefined) break;
      start += taken.lineCount;
      if (taken.record !== undefined) records.push(taken.record);
    }
    this.#waiting.splice(0, start);
    return records;
  }

  #takeRecord(
    start: number,
    isLast: boolean,
  ): { lineCount: number; record?: CsvRecord | CsvProblem } | undefined {
    const first = this.#waiting[start];
    if (first === undefined) return undefined;
    if (first.isTooLong) return oneLine(first, "the line is longer than 1 MiB; it is no row");
    if (first.text.trim() === "") return { lineCount: 1 };
    let text = first.text;
    for (let lineCount = 1; ; lineCount += 1) {
      const parsed = parseRecord(text, this.#delimiter);
      if (parsed === "broken") {
        return oneLine(first, "text follows a closing quote; double the quotes inside a field");
      }
      if (parsed !== "open") {
        return { lineCount, record: { line: first.number, fields: parsed.fields } };
      }
      const next = this.#waiting[start + lineCount];
      if (next === undefined && !isLast && lineCount < RECORD_LINES_MAX) return undefined;
      if (next === undefined || next.isTooLong || lineCount === RECORD_LINES_MAX) {
        return oneLine(first, "a quote is opened and not closed; close it, or double it");
      }
      text += `\n${next.text}`;
    }
  }
}

/** The delimiter that cuts the header into most fields. */
export function delimiterOf(header: string): string {
  const counts = [",", ";", "\t"].map((delimiter) => {
    const parsed = parseRecord(header, delimiter);
    return { delimiter, count: typeof parsed === "string" ? 0 : parsed.fields.length };
  });
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

function oneLine(line: TextLine, problem: string): { lineCount: number; record: CsvProblem } {
  return { lineCount: 1, record: { line: line.number, problem } };
}

export function parseRecord(text: string, delimiter: string): Parsed {
  if (!text.includes('"')) return { fields: text.split(delimiter) };
  const fields: string[] = [];
  for (let position = 0; ; ) {
    if (text[position] === '"') {
      const end = closingQuoteOf(text, position + 1);
      if (end === -1) return "open";
      fields.push(text.slice(position + 1, end).replaceAll('""', '"'));
      position = end + 1;
      if (position < text.length && text[position] !== delimiter) return "broken";
    } else {
      const end = text.indexOf(delimiter, position);
      fields.push(text.slice(position, end === -1 ? undefined : end));
      position = end === -1 ? text.length : end;
    }
    if (position >= text.length) return { fields };
    position += 1;
  }
}

function closingQuoteOf(text: string, from: number): number {
  for (let position = from; ; position += 2) {
    position = text.indexOf('"', position);
    if (position === -1 || text[position + 1] !== '"') return position;
  }
}
