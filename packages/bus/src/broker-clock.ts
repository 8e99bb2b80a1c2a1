/**
 * Tells the age of a partition's records, which their broker stamps by its clock. Hosts may disagree
 * on the time by minutes, but no record arrives before it was stamped: the quickest of late shows how
 * far the clocks are apart, and the others are as old as they are later than that one. Where the age
 * cannot be told, as for the first record, it is taken for new: work is done in vain rather than lost.
 */

/** Clocks whose difference could be the quickest record's way alone agree. */
const AGREEMENT_MS = 100;
/** Clocks drift apart, so the quickest record counts for one to two such spans. */
const SPAN_MS = 60_000;
/** No record lives so long: a clock was set. */
const AGE_MS_MAX = 60_000;

export class BrokerClock {
  #leaderEpoch: number | undefined;
  #lastStampMs = Number.NEGATIVE_INFINITY;
  #spanBeganMs = Number.NEGATIVE_INFINITY;
  /** Least arrival time less stamp, in this span and in the one before. */
  #quickestMs = Number.POSITIVE_INFINITY;
  #quickestBeforeMs = Number.POSITIVE_INFINITY;

  /**
   * @param leaderEpoch another one may be another broker with another clock
   * @param monotonicMs when it arrived, by a clock that nobody sets
   * @param nowMs the same moment by the clock of this process
   * @returns when it was stamped, by the clock of this process
   */
  toLocal(stampMs: number, leaderEpoch: number, monotonicMs: number, nowMs: number): number {
    const apartMs = monotonicMs - stampMs;
    // Within one leader's time stamps ascend, until somebody sets its clock.
    const isOtherClock = leaderEpoch !== this.#leaderEpoch || stampMs < this.#lastStampMs;
    if (isOtherClock || apartMs - this.#leastMs() > AGE_MS_MAX) this.#begin(monotonicMs);
    else if (monotonicMs - this.#spanBeganMs > SPAN_MS) this.#nextSpan(monotonicMs);
    this.#leaderEpoch = leaderEpoch;
    this.#lastStampMs = stampMs;
    this.#quickestMs = Math.min(this.#quickestMs, apartMs);
    const leastMs = this.#leastMs();
    const wayMs = nowMs - monotonicMs + leastMs;
    const isAgreed = wayMs >= 0 && wayMs <= AGREEMENT_MS;
    return nowMs - (apartMs - leastMs) - (isAgreed ? wayMs : 0);
  }

  #leastMs(): number {
    return Math.min(this.#quickestMs, this.#quickestBeforeMs);
  }

  #begin(monotonicMs: number): void {
    this.#spanBeganMs = monotonicMs;
    this.#quickestMs = Number.POSITIVE_INFINITY;
    this.#quickestBeforeMs = Number.POSITIVE_INFINITY;
  }

  #nextSpan(monotonicMs: number): void {
    this.#spanBeganMs = monotonicMs;
    this.#quickestBeforeMs = this.#quickestMs;
    this.#quickestMs = Number.POSITIVE_INFINITY;
  }
}
