/** One line on stderr that redraws itself on a terminal and stays silent elsewhere. */

export interface ProgressBar {
  /** @param fraction 0 to 1 */
  update(fraction: number, text: string): void;
  done(text: string): void;
  /** Takes a line that is not done away, so that what is printed next has one of its own. */
  clear(): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const ERASE_LINE = "\r\x1b[2K";

/** Elsewhere than on a terminal only `done` prints, so that logs stay short. */
export function createProgressBar(
  title: string,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressBar {
  let drawnAt = 0;
  let isDrawn = false;
  return {
    update(fraction, text) {
      const now = performance.now();
      if (!stream.isTTY || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      isDrawn = true;
      const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
      const percent = `${Math.round(fraction * 100)} %`.padStart(5);
      const line = `${title} ${bar} ${percent}  ${text}`;
      stream.write(`${ERASE_LINE}${line.slice(0, Math.max(20, stream.columns - 1))}`);
    },
    done(text) {
      this.clear();
      stream.write(`${title}: ${text}\n`);
    },
    clear() {
      if (isDrawn) stream.write(ERASE_LINE);
      isDrawn = false;
    },
  };
}

/** 75 -> "1 min 15 s" */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
