/** What a person sees while files are read. */
import { printable } from "../output/printable.ts";
import { createProgressBar } from "../output/progress-bar.ts";
import type { ReadProgress } from "./read-plays.ts";
import type { RunResult } from "./run-analysis.ts";

export interface ReadingBar {
  update(progress: ReadProgress): void;
  /** A service went away; the files will be read once more. */
  again(reason: string): void;
  done(result: RunResult): void;
  /** Takes the line of what was not finished away. */
  clear(): void;
}

/** For programs, which read on stderr nothing but the document of an error. */
export const SILENT_BAR: ReadingBar = { update() {}, again() {}, done() {}, clear() {} };

export function createReadingBar(stream: NodeJS.WriteStream = process.stderr): ReadingBar {
  const bar = createProgressBar("Plays", stream);
  return {
    update: ({ share, rows }) => bar.update(share ?? 0, `${rows.toLocaleString("en")} rows`),
    again(reason) {
      bar.clear();
      stream.write(`${printable(reason)}\nReading the files again as soon as it answers ...\n`);
    },
    done({ playCount, times }) {
      const rate = Math.round(playCount / times.totalSeconds).toLocaleString("en");
      bar.done(
        `${playCount.toLocaleString("en")} in ${times.totalSeconds.toFixed(2)} s, ${rate} a second`,
      );
    },
    clear: () => bar.clear(),
  };
}
