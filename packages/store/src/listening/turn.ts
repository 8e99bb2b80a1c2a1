import { setImmediate } from "node:timers/promises";

/** Longer than this nothing else of the process waits. */
const TURN_MS_MAX = 10;

/** Lets timers and sockets have their turn within long computations. */
export class Turn {
  #startedAtMs = performance.now();

  async giveWay(): Promise<void> {
    if (performance.now() - this.#startedAtMs < TURN_MS_MAX) return;
    await setImmediate();
    this.#startedAtMs = performance.now();
  }
}
