/** From a play's position in the run back to its file and line, for errors that name a row. */

export interface PlaceInFile {
  readonly file: string;
  readonly line: number;
}

interface Step extends PlaceInFile {
  readonly row: number;
}

/** Beyond it the map forgets; a file with a line break inside of so many values is no usual one. */
const STEPS_MAX = 100_000;

/** Rows are one line each but where something is left out or spans lines, so only that is kept. */
export class LineMap {
  readonly #steps: Step[] = [];
  readonly #batchStarts: number[] = [];
  #isWhole = true;
  #file = "";
  #nextLine = -1;

  /** Rows one after the other, which have to come in order. @param lines one of each, growing */
  add(row: number, file: string, lines: Float64Array): void {
    const first = lines[0] ?? 0;
    const last = lines[lines.length - 1] ?? 0;
    if (last - first === lines.length - 1) {
      this.#addRun(row, file, first, lines.length);
    } else {
      for (const [at, line] of lines.entries()) this.#addRun(row + at, file, line, 1);
    }
  }

  /** The next batch is sent, and starts with this row of the run. */
  startBatch(row: number): void {
    this.#batchStarts.push(row);
  }

  /** @param row within its batch */
  placeInBatch(batch: number, row: number): PlaceInFile | undefined {
    const start = this.#batchStarts[batch];
    return start === undefined ? undefined : this.placeOf(start + row);
  }

  /** @param row of the run */
  placeOf(row: number): PlaceInFile | undefined {
    const at = this.#steps.findLastIndex((step) => step.row <= row);
    const step = this.#steps[at];
    if (step === undefined || (!this.#isWhole && at === this.#steps.length - 1)) return undefined;
    return { file: step.file, line: step.line + row - step.row };
  }

  /** Rows on lines without a gap. */
  #addRun(row: number, file: string, line: number, count: number): void {
    const isExpected = line === this.#nextLine && file === this.#file;
    this.#nextLine = line + count;
    if (isExpected) return;
    this.#file = file;
    if (this.#steps.length < STEPS_MAX) this.#steps.push({ row, file, line });
    else this.#isWhole = false;
  }
}
