/** Asks again and again until the answer is there, within a deadline. */
import { setTimeout as pause } from "node:timers/promises";

export interface EventuallyOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Completes "waited for ...". */
  readonly what: string;
}

/** Rejects with what went wrong last when `find` neither throws nor returns undefined in time. */
export async function eventually<Found>(
  find: () => Promise<Found | undefined> | Found | undefined,
  { timeoutMs, everyMs = 50, what }: EventuallyOptions,
): Promise<Found> {
  const endMs = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < endMs) {
    try {
      const found = await find();
      if (found !== undefined) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  }
  throw new Error(`Waited ${timeoutMs} ms for ${what} in vain`, { cause: last });
}
