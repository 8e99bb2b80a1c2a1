import { AppError } from "@segue/errors";
import { type CsvProblem, CsvReader, type CsvRecord, delimiterOf } from "./csv-records.ts";
import type { ImportOptions } from "./import-report.ts";
import { inspectTextFile, invalid, readLines, type TextFile, type TextLine } from "./read-lines.ts";

/** A row by field name, or why it is none. */
export type FileRow =
  | { readonly line: number; readonly values: ReadonlyMap<string, unknown> }
  | CsvProblem;

export interface RowsExpected {
  /** Field names by what a file may call them: lower case, letters and digits only. */
  readonly fieldByAlias: Readonly<Record<string, string>>;
  /** Tells what a CSV header lacks, or undefined when it is enough. */
  readonly missingFrom: (fields: ReadonlySet<string>) => string | undefined;
}

export interface RowFile {
  readonly format: "csv" | "jsonl";
  readonly bytesTotal: number;
  /** In file order, at most `batchRows` at a time. */
  readonly batches: AsyncGenerator<{ rows: readonly FileRow[]; bytes: number }>;
}

const BATCH_ROWS_DEFAULT = 2_000;

/** Opens a CSV or JSON Lines file, told apart by content. Throws IMPORT_INVALID when it is neither. */
export async function openRowFile(
  path: string,
  expected: RowsExpected,
  options: ImportOptions,
): Promise<RowFile> {
  const file = await inspectTextFile(path);
  const first = file.beginning.trimStart()[0];
  if (first === "[") {
    throw invalid(path, "is one JSON array; write one object per line (jq -c '.[]' does it)");
  }
  const format = first === "{" ? "jsonl" : "csv";
  const parser = format === "jsonl" ? new JsonRows(expected) : new CsvRows(path, expected);
  return { format, bytesTotal: file.bytesTotal, batches: batches(file, parser, options) };
}

interface RowParser {
  push(lines: readonly TextLine[], isLast: boolean): FileRow[];
}

async function* batches(
  file: TextFile,
  parser: RowParser,
  options: ImportOptions,
): AsyncGenerator<{ rows: readonly FileRow[]; bytes: number }> {
  const batchRows = options.batchRows ?? BATCH_ROWS_DEFAULT;
  let bytes = 0;
  let waiting: FileRow[] = [];
  const onBytes = (read: number): void => {
    bytes = read;
  };
  for await (const lines of readLines(file, onBytes)) {
    waiting = waiting.concat(parser.push(lines, false));
    for (; waiting.length >= batchRows; waiting = waiting.slice(batchRows)) {
      assertGoesOn(file.path, options.signal);
      yield { rows: waiting.slice(0, batchRows), bytes };
    }
  }
  waiting = waiting.concat(parser.push([], true));
  for (; waiting.length > 0; waiting = waiting.slice(batchRows)) {
    assertGoesOn(file.path, options.signal);
    yield { rows: waiting.slice(0, batchRows), bytes };
  }
}

class CsvRows implements RowParser {
  readonly #path: string;
  readonly #expected: RowsExpected;
  #reader: CsvReader | undefined;
  #fields: readonly (string | undefined)[] | undefined;

  constructor(path: string, expected: RowsExpected) {
    this.#path = path;
    this.#expected = expected;
  }

  push(lines: readonly TextLine[], isLast: boolean): FileRow[] {
    if (this.#reader === undefined) {
      const header = lines.find((line) => line.text.trim() !== "");
      if (header !== undefined) this.#reader = new CsvReader(delimiterOf(header.text));
    }
    const records = this.#reader?.push(lines, isLast) ?? [];
    if (isLast && this.#fields === undefined && records.length === 0) {
      throw invalid(this.#path, "has no rows; export it again");
    }
    return records.flatMap((record) => this.#toRow(record));
  }

  #toRow(record: CsvRecord | CsvProblem): FileRow[] {
    if (this.#fields === undefined) {
      this.#fields = this.#readHeader(record);
      return [];
    }
    if ("problem" in record) return [record];
    const { line, fields } = record;
    const extra = fields.slice(this.#fields.length);
    if (fields.length < this.#fields.length || extra.some((value) => value.trim() !== "")) {
      const problem = `${fields.length} fields where the header has ${this.#fields.length}; put fields that contain the delimiter in quotes`;
      return [{ line, problem }];
    }
    const values = new Map<string, unknown>();
    for (const [index, name] of this.#fields.entries()) {
      if (name !== undefined && !values.has(name)) values.set(name, fields[index]);
    }
    return [{ line, values }];
  }

  #readHeader(record: CsvRecord | CsvProblem): readonly (string | undefined)[] {
    if ("problem" in record) {
      throw invalid(this.#path, `has no readable header (line ${record.line}): ${record.problem}`);
    }
    const { fieldByAlias, missingFrom } = this.#expected;
    const fields = record.fields.map((name) => fieldByAlias[folded(name)]);
    const missing = missingFrom(new Set(fields.filter((name) => name !== undefined)));
    if (missing === undefined) return fields;
    const found = record.fields.join(", ").slice(0, 200);
    throw invalid(this.#path, `${missing}; its first line has: ${found}`);
  }
}

class JsonRows implements RowParser {
  readonly #expected: RowsExpected;

  constructor(expected: RowsExpected) {
    this.#expected = expected;
  }

  push(lines: readonly TextLine[]): FileRow[] {
    return lines.flatMap((line) => (line.text.trim() === "" ? [] : [this.#toRow(line)]));
  }

  #toRow({ number, text, isTooLong }: TextLine): FileRow {
    if (isTooLong) return { line: number, problem: "the line is longer than 1 MiB; it is no row" };
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      return { line: number, problem: `not JSON (${(error as Error).message}); write one object` };
    }
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      return { line: number, problem: "not a JSON object; write one object per line" };
    }
    const values = new Map<string, unknown>();
    for (const [name, value] of Object.entries(parsed)) {
      const field = this.#expected.fieldByAlias[folded(name)];
      if (field !== undefined && !values.has(field)) values.set(field, value);
    }
    return { line: number, values };
  }
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/gu, "");
}

function assertGoesOn(path: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new AppError(
    "CANCELLED",
    `The import of ${path} was stopped; what it had stored stays, and importing the file again completes it.`,
  );
}
