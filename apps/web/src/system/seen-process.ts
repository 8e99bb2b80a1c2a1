/** A process with what was seen of it up to now. */
import type { Process } from "../api/system-wire.ts";

export interface SeenProcess extends Process {
  /** It said farewell, or was never heard of again. */
  readonly isGone: boolean;
  /** When it was last seen to serve, by the server's clock; null while it does or never did. */
  readonly downSinceMs: number | null;
  /** Tasks there, waiting or at work, at each of the last looks; the newest last. */
  readonly loads: readonly number[];
}

export function isServing({ health, isGone }: SeenProcess): boolean {
  return !isGone && (health === "ready" || health === "draining");
}

export function isDown({ health, isGone }: SeenProcess): boolean {
  return isGone || ["silent", "paused", "stopped", "dead"].includes(health);
}
