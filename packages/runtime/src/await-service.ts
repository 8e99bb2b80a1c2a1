/** Waits for what a process needs and may come later: brokers, the database, a promoted model. */
import { AppError, toAppError } from "@segue/errors";

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

export interface AwaitOptions {
  /** Told each reason once, until it changes. */
  readonly onWaiting: (reason: AppError) => void;
  /** Ends the wait: CANCELLED. */
  readonly signal: AbortSignal;
}

/** Tries until it succeeds. Rejects at once with an error that waiting does not mend. */
export async function awaitService<Result>(
  open: () => Promise<Result>,
  { onWaiting, signal }: AwaitOptions,
): Promise<Result> {
  let told = "";
  for (let delayMs = RETRY_MS_MIN; ; delayMs = Math.min(2 * delayMs, RETRY_MS_MAX)) {
    if (signal.aborted) throw stopped();
    try {
      return await open();
    } catch (thrown) {
      const reason = toAppError(thrown);
      if (!reason.isRetryable) throw reason;
      if (reason.message !== told) onWaiting(reason);
      told = reason.message;
    }
    await pause(delayMs, signal);
  }
}

/** Ends early when the signal aborts. */
async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delayMs);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}

function stopped(): AppError {
  return new AppError("CANCELLED", "Stopped before everything that it needs was there.");
}
