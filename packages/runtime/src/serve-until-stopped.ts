/** The outer life of a process that serves: start, announce, serve until it is told to stop, leave. */
import { aborted } from "./aborted.ts";
import { Closers } from "./closers.ts";

export type { Closers };

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Starts, prints what `start` returns as one line of JSON, waits for SIGTERM or Ctrl-C and closes,
 * last added first. Closes as well when `start` rejects, and then rejects likewise.
 */
export async function serveUntilStopped(
  start: (closers: Closers, stopSignal: AbortSignal) => Promise<object>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  const closers = new Closers();
  try {
    const announcement = await start(closers, stop.signal);
    // One line for whoever started the process and reads its output.
    process.stdout.write(`${JSON.stringify(announcement)}\n`);
    await aborted(stop.signal);
  } finally {
    await closers.closeAll();
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
