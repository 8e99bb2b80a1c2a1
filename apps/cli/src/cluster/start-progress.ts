/** Tells an operator what is awaited when that takes long. */
import type { StepListener } from "@segue/local-services";
import { tailLog } from "./log-files.ts";

export interface Awaited {
  readonly replica: string;
  readonly logFile: string;
}

export interface StartProgress {
  readonly step: StepListener;
  /** Does the work; while it lasts, what it waits for is told now and then. */
  during<Result>(awaited: Awaited, work: () => Promise<Result>): Promise<Result>;
}

const TOLD_EVERY_MS = 10_000;
/** A process of Segue says there what it waits for. */
const LINES_SEARCHED = 50;

export function createStartProgress(
  step: StepListener,
  everyMs: number = TOLD_EVERY_MS,
): StartProgress {
  const waiting = new Set<Awaited>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    step(`Waiting for ${Array.from(waiting, ({ replica }) => replica).join(", ")}`);
    for (const { replica, logFile } of waiting) {
      const reason = tailLog(logFile, LINES_SEARCHED).lines.findLast((line) =>
        line.startsWith(`${replica} waits: `),
      );
      if (reason !== undefined) step(`  ${reason}`);
    }
  };
  return {
    step,
    async during(awaited, work) {
      waiting.add(awaited);
      timer ??= setInterval(tell, everyMs);
      try {
        return await work();
      } finally {
        waiting.delete(awaited);
        if (waiting.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
    },
  };
}
