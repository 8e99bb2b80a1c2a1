import { type WrittenRun, writeRun } from "./results-folder.ts";
import type { RunMetrics } from "./run-metrics.ts";

/**
 * Writes a run, or has it printed before the error is thrown: plays of standard input cannot be had
 * again, so answers that cannot be written are shown at least.
 */
export function writeOrPrint(
  folder: string,
  metrics: RunMetrics,
  historyMax: number,
  print: () => void,
): WrittenRun {
  try {
    return writeRun(folder, metrics, historyMax);
  } catch (error) {
    print();
    throw error;
  }
}
