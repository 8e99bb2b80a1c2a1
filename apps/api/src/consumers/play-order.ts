/**
 * Lets the words about different plays be stored side by side, so that they share a wait for the
 * disk, while of several words about one play the last one stands. One for each time that a partition
 * is owned.
 */

/** Far more than records can be done behind one that still fails. */
const PLAYS_MAX = 16_384;

export class PlayOrder {
  /** The last write of each play that is under way. */
  readonly #underWay = new Map<string, Promise<void>>();
  /** Offset of the newest word stored about each play; the play stored longest ago first. */
  readonly #stored = new Map<string, bigint>();

  /**
   * Runs `write` behind the earlier ones of this play, and not at all when a later word is stored
   * already, as it is when this one failed and comes again.
   */
  async write(play: string, offset: bigint, write: () => Promise<void>): Promise<void> {
    const writing = this.#writeBehind(this.#underWay.get(play), { play, offset, write });
    this.#underWay.set(play, writing);
    try {
      await writing;
    } finally {
      if (this.#underWay.get(play) === writing) this.#underWay.delete(play);
    }
  }

  async #writeBehind(earlier: Promise<void> | undefined, word: Word): Promise<void> {
    // How it ended is told to its own caller.
    await earlier?.catch(() => {});
    const newest = this.#stored.get(word.play);
    if (newest !== undefined && newest > word.offset) return;
    await word.write();
    this.#remember(word);
  }

  #remember({ play, offset }: Word): void {
    this.#stored.delete(play);
    this.#stored.set(play, offset);
    if (this.#stored.size <= PLAYS_MAX) return;
    const [oldest] = this.#stored.keys();
    if (oldest !== undefined) this.#stored.delete(oldest);
  }
}

interface Word {
  readonly play: string;
  readonly offset: bigint;
  readonly write: () => Promise<void>;
}
