/** `results/run_grpc_metrics.json`, and beside it the runs before. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
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

/**
 * Readers of the file see the run before or this one, never a part.
 * @param historyMax the oldest runs beyond it are deleted; 0 keeps none
 */
export function writeRun(folder: string, metrics: RunMetrics, historyMax: number): WrittenRun {
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
    const runs = historyRuns(folder);
    for (const run of runs.slice(0, Math.max(0, runs.length - historyMax))) {
      rmSync(join(history, run), { force: true });
    }
    return { file, historyFile };
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `The results cannot be written to ${folder}: ${toAppError(cause).message}. Choose another folder with --results.`,
      { cause },
    );
  }
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
