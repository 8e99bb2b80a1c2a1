/** `results/run_grpc_metrics.json`, and beside it the runs before. */
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError, toAppError } from "@segue/errors";
import { copyAtomically, writeAtomically } from "../output/write-atomically.ts";
import { documentText } from "./document-text.ts";
import type { RunMetrics } from "./run-metrics.ts";

export const METRICS_FILE = "run_grpc_metrics.json";
export const HISTORY_FOLDER = "history";

export interface WrittenRun {
  readonly file: string;
  readonly historyFile: string | undefined;
}

/** Of all runs kept together; that of a million users takes some 150 MB. */
export const HISTORY_BYTES_MAX = 1024 ** 3;

/**
 * CONFIG_INVALID for a folder in which no run can be written, before one is made for nothing. Makes
 * nothing itself.
 */
export function assertWritable(folder: string): void {
  try {
    for (const path of [folder, join(folder, HISTORY_FOLDER)]) {
      const place = nearestOf(resolve(path));
      if (!statSync(place).isDirectory()) throw new Error(`${place} is not a folder`);
      accessSync(place, constants.W_OK | constants.X_OK);
    }
    const file = join(folder, METRICS_FILE);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`${file} is a folder`);
    }
  } catch (cause) {
    throw notWritable(folder, cause);
  }
}

/** The path, or the folder above it that is there. */
function nearestOf(path: string): string {
  return existsSync(path) ? path : nearestOf(dirname(path));
}

/**
 * Readers of the file see the run before or this one, never a part.
 * @param historyMax the oldest runs beyond it are deleted; 0 keeps none
 * @param historyBytesMax the same by their size; the last one is kept however large it is
 */
export function writeRun(
  folder: string,
  metrics: RunMetrics,
  historyMax: number,
  historyBytesMax: number = HISTORY_BYTES_MAX,
): WrittenRun {
  const file = join(folder, METRICS_FILE);
  const history = join(folder, HISTORY_FOLDER);
  try {
    mkdirSync(history, { recursive: true });
    if (historyMax === 0) {
      writeAtomically(file, documentText(metrics));
      return { file, historyFile: undefined };
    }
    // First, so that the file is replaced when nothing can go wrong any more.
    const historyFile = join(history, historyNameOf(metrics));
    writeAtomically(historyFile, documentText(metrics));
    copyAtomically(historyFile, file);
    forgetOldRuns(folder, historyMax, historyBytesMax);
    return { file, historyFile };
  } catch (cause) {
    throw notWritable(folder, cause);
  }
}

function forgetOldRuns(folder: string, runsMax: number, bytesMax: number): void {
  const runs = historyRuns(folder).map((name) => join(folder, HISTORY_FOLDER, name));
  let bytes = 0;
  for (const [age, run] of runs.toReversed().entries()) {
    bytes += statSync(run).size;
    if (age > 0 && (age >= runsMax || bytes > bytesMax)) rmSync(run, { force: true });
  }
}

function notWritable(folder: string, cause: unknown): AppError {
  return new AppError(
    "CONFIG_INVALID",
    `The results cannot be written to ${folder}: ${toAppError(cause).message}. Choose another folder with --results.`,
    { cause },
  );
}

/** Names of the runs kept, the oldest first; CONFIG_INVALID when they cannot be listed. */
export function historyRuns(folder: string): string[] {
  const history = join(folder, HISTORY_FOLDER);
  if (!existsSync(history)) return [];
  try {
    return readdirSync(history)
      .filter((name) => HISTORY_NAME.test(name))
      .toSorted();
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `The runs kept in ${history} cannot be listed: ${toAppError(cause).message}. Move it away, or choose another folder with --results.`,
      { cause },
    );
  }
}

const HISTORY_NAME = /^\d{8}T\d{9}Z-[0-9a-f]{6}\.json$/;

/** In the order of time, by UTC; two runs of one millisecond differ in what they say. */
function historyNameOf(metrics: RunMetrics): string {
  const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
  const digest = createHash("sha256").update(JSON.stringify(metrics.performance)).digest("hex");
  return `${time}-${digest.slice(0, 6)}.json`;
}
