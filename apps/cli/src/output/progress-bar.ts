/** One line on stderr that redraws itself on a terminal and stays silent elsewhere. */

export interface ProgressBar {
  /** @param fraction 0 to 1 */
  update(fraction: number, text: string): void;
  done(text: string): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

/** Elsewhere than on a terminal only `done` prints, so that logs stay short. */
export function createProgressBar(
  title: string,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressBar {
  let drawnAt = 0;
  return {
    update(fraction, text) {
      const now = performance.now();
      if (!stream.isTTY || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
      const percent = `${Math.round(fraction * 100)} %`.padStart(5);
      const line = `${title} ${bar} ${percent}  ${text}`;
      stream.write(`\r\x1b[2K${line.slice(0, Math.max(20, stream.columns - 1))}`);
    },
    done(text) {
      stream.write(stream.isTTY ? `\r\x1b[2K${title}: ${text}\n` : `${title}: ${text}\n`);
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
