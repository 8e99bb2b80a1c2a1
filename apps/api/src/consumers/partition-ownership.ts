/**
 * What a consumer remembers of a partition while it owns it, and no longer: the next owner starts at
 * the last commit with nothing in mind.
 */
import { AppError } from "@segue/errors";

/** Finds the memory by the signal that the bus gives a handler, which is one for each ownership. */
export function rememberWhileOwned<Memory extends object>(
  create: () => Memory,
): (signal: AbortSignal) => Memory {
  const memories = new WeakMap<AbortSignal, Memory>();
  return (signal) => {
    const known = memories.get(signal);
    if (known !== undefined) return known;
    const memory = create();
    memories.set(signal, memory);
    return memory;
  };
}

/**
 * CANCELLED when the partition has another owner, who stores its records anew. Call it last before a
 * write: what is written after theirs would bring back what they have changed since.
 */
export function assertOwned(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new AppError("CANCELLED", "This partition has another owner by now, who stores the record");
}
