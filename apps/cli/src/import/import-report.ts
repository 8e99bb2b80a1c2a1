import type { UpsertOutcome } from "@segue/store";

export interface ImportOptions {
  /** Called after every stored batch. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Problems listed in the report; the rest is counted. Default 100. */
  readonly problemsMax?: number;
  /** Rows per transaction. Default 2,000. */
  readonly batchRows?: number;
  /** Stops before the next batch with CANCELLED; what was stored stays. */
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly bytes: number;
  readonly bytesTotal: number;
  readonly rows: number;
}

export interface RowProblem {
  /** From 1, of the row's first line in the file. */
  readonly line: number;
  /** What is wrong, with the value, and what to do. */
  readonly reason: string;
}

/** Every row is in exactly one bucket: the five numbers after `rows` add up to it. */
export interface ImportReport {
  readonly format: "csv" | "jsonl";
  /** Rows with content; blank lines and a CSV file's header are none. */
  readonly rows: number;
  readonly imported: number;
  readonly updated: number;
  readonly duplicate: number;
  readonly malformed: number;
  readonly unknownSong: number;
  readonly problems: readonly RowProblem[];
  /** Problems beyond the list. */
  readonly problemsOmitted: number;
}

const PROBLEMS_MAX_DEFAULT = 100;

const BUCKET_OF_OUTCOME = {
  inserted: "imported",
  updated: "updated",
  unchanged: "duplicate",
} as const;

/** Counts the rows of one import as they end. */
export class ImportTally {
  readonly #problemsMax: number;
  readonly #problems: RowProblem[] = [];
  readonly #counts = { imported: 0, updated: 0, duplicate: 0, malformed: 0, unknownSong: 0 };

  constructor(options: ImportOptions) {
    this.#problemsMax = options.problemsMax ?? PROBLEMS_MAX_DEFAULT;
  }

  get rows(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  countStored(outcomes: readonly UpsertOutcome[]): void {
    for (const outcome of outcomes) this.#counts[BUCKET_OF_OUTCOME[outcome]] += 1;
  }

  countProblem(bucket: "malformed" | "unknownSong", line: number, reason: string): void {
    this.#counts[bucket] += 1;
    if (this.#problems.length < this.#problemsMax) this.#problems.push({ line, reason });
  }

  report(format: "csv" | "jsonl"): ImportReport {
    const { malformed, unknownSong } = this.#counts;
    return {
      format,
      rows: this.rows,
      ...this.#counts,
      problems: this.#problems.toSorted((left, right) => left.line - right.line),
      problemsOmitted: malformed + unknownSong - this.#problems.length,
    };
  }
}
