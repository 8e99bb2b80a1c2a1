/** Turns the first Ctrl-C or SIGTERM into an abort, so that work stops at a safe point. */

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back; call it when the work is over. */
  stop(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** A second signal ends the process the hard way, as a person who repeats it wants. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const abort = () => {
    stop();
    controller.abort();
  };
  const stop = () => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  for (const name of SIGNALS) process.once(name, abort);
  return { signal: controller.signal, stop };
}
