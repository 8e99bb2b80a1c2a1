/**
 * Puts the erasure of a user behind everything of that user that came before it on its partition, and
 * before everything that came after it, while all else goes on side by side. One for each time that a
 * partition is owned: what another owner did meanwhile is not known here.
 */

import { AppError, toAppError } from "@segue/errors";

/** So often a record may fail for good until the bus buries it: `deliveriesMax` of its consumer. */
export const ERASURE_DELIVERIES_MAX = 5;

/** Far more than erasures whose earlier records may still come again. */
const ERASURES_MAX = 16_384;

interface Erasure {
  readonly offset: bigint;
  readonly deliveries: number;
  /** Rejects when it could not be done now; it then comes again. */
  readonly done: Promise<void>;
}

export class ErasureOrder {
  /** Writes under way, by user. */
  readonly #underWay = new Map<string, Set<Promise<void>>>();
  /** The last erasure of each user; the oldest first. */
  readonly #erasures = new Map<string, Erasure>();

  /**
   * Runs `write` unless an erasure with a higher offset takes what it would write. Behind one with a
   * lower offset it waits: STORE_UNAVAILABLE when that failed and comes again, however it failed, so
   * that what waits is not buried with it.
   */
  async write(user: string, offset: bigint, write: () => Promise<void>): Promise<void> {
    const erasure = this.#erasures.get(user);
    if (erasure !== undefined) {
      if (offset < erasure.offset) return;
      await erasure.done.catch((cause: unknown) => {
        const message = "This waits for the erasure of its user, which failed and comes again";
        throw new AppError("STORE_UNAVAILABLE", message, { cause });
      });
    }
    const writes = this.#underWay.get(user) ?? new Set();
    this.#underWay.set(user, writes);
    const writing = write();
    writes.add(writing);
    try {
      await writing;
    } finally {
      writes.delete(writing);
      if (writes.size === 0) this.#underWay.delete(user);
    }
  }

  /**
   * Runs `erase` once the writes under way are over; a later erasure makes it needless. When it is
   * buried, nothing waits for it any more.
   */
  async erase(user: string, offset: bigint, erase: () => Promise<void>): Promise<void> {
    const known = this.#erasures.get(user);
    if (known !== undefined && known.offset > offset) return;
    const earlier = [...(this.#underWay.get(user) ?? [])];
    const deliveries = (known?.offset === offset ? known.deliveries : 0) + 1;
    const erasure = { offset, deliveries, done: Promise.allSettled(earlier).then(erase) };
    this.#erasures.delete(user);
    this.#erasures.set(user, erasure);
    const [oldest] = this.#erasures.keys();
    if (this.#erasures.size > ERASURES_MAX && oldest !== undefined) this.#erasures.delete(oldest);
    try {
      await erasure.done;
    } catch (thrown) {
      const error = toAppError(thrown);
      const isBuried = !error.isRetryable && deliveries >= ERASURE_DELIVERIES_MAX;
      if (isBuried && this.#erasures.get(user) === erasure) this.#erasures.delete(user);
      throw error;
    }
  }
}
