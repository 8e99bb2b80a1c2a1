const PAUSE_MS_MIN = 60_000;
const PAUSE_MS_MAX = 60 * 60_000;
/** Damage so long after the last is the first again. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

/**
 * How long counting anew waits after damage: not at all the first time, then a minute and twice as long
 * each time, up to an hour. What damages the counts again and again must not keep a server counting.
 */
export class DamagePauses {
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Damage was met now, by a clock that never jumps. Returns milliseconds. */
  next(nowMs: number): number {
    if (nowMs - this.#lastMs > FORGOTTEN_AFTER_MS) this.#count = 0;
    this.#lastMs = nowMs;
    this.#count += 1;
    if (this.#count === 1) return 0;
    return Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (this.#count - 2));
  }
}
