/**
 * Puts the erasure of a user behind everything of that user that came before it on its partition, and
 * before everything that came after it, while all else goes on side by side.
 */

/** Far more than erasures whose earlier records may still come again. */
const ERASURES_MAX = 16_384;

interface Erasure {
  readonly offset: bigint;
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
   * lower offset it waits, and fails as that fails. `user` names a user in one partition.
   */
  async write(user: string, offset: bigint, write: () => Promise<void>): Promise<void> {
    const erasure = this.#erasures.get(user);
    if (erasure !== undefined) {
      if (offset < erasure.offset) return;
      await erasure.done;
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

  /** Runs `erase` once the writes under way are over; a later erasure makes it needless. */
  async erase(user: string, offset: bigint, erase: () => Promise<void>): Promise<void> {
    const known = this.#erasures.get(user);
    if (known !== undefined && known.offset > offset) return;
    const earlier = [...(this.#underWay.get(user) ?? [])];
    const done = Promise.allSettled(earlier).then(erase);
    this.#erasures.delete(user);
    this.#erasures.set(user, { offset, done });
    const [oldest] = this.#erasures.keys();
    if (this.#erasures.size > ERASURES_MAX && oldest !== undefined) this.#erasures.delete(oldest);
    await done;
  }
}
