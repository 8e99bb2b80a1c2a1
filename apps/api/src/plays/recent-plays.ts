/**
 * Whether a play exists, counting those that are accepted and not yet in the database. Every API
 * process reads along what all of them accept.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Bus, Subscription } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import type { PlayArchive } from "../ports.ts";
import { decodePlay } from "./play-message.ts";

/** Far beyond what waits for the database at any time. */
const PLAYS_MAX = 50_000;
/** How long a play that another process has just accepted may take to be heard of here. */
const HEARSAY_MS = 400;
const LOOKS = 4;

interface Word {
  readonly exists: boolean;
  /** Unix time in milliseconds. */
  readonly acceptedAtMs: number;
}

export class RecentPlays {
  readonly #archive: Pick<PlayArchive, "findPlay">;
  /** The newest word about each play; the play heard of longest ago first. */
  readonly #words = new Map<string, Word>();
  #subscription: Subscription | undefined;

  private constructor(archive: Pick<PlayArchive, "findPlay">) {
    this.#archive = archive;
  }

  static async open(bus: Bus, archive: Pick<PlayArchive, "findPlay">): Promise<RecentPlays> {
    const recent = new RecentPlays(archive);
    const partitionCount = await bus.partitionCount(TOPICS.plays);
    recent.#subscription = await bus.read({
      topic: TOPICS.plays,
      partitions: Array.from({ length: partitionCount }, (_, partition) => partition),
      from: "latest",
      handler: async (record) => {
        const { user, key, deleted, acceptedAtMs } = decodePlay(record.value);
        recent.note(user, key, { exists: !deleted, acceptedAtMs });
        await Promise.resolve();
      },
    });
    return recent;
  }

  /** What this process accepts it knows at once; what it then hears of it again is no news. */
  note(user: string, key: string, word: Word): void {
    const identity = identityOf(user, key);
    const known = this.#words.get(identity);
    if (known !== undefined && known.acceptedAtMs > word.acceptedAtMs) return;
    this.#words.delete(identity);
    this.#words.set(identity, word);
    if (this.#words.size <= PLAYS_MAX) return;
    const [oldest] = this.#words.keys();
    if (oldest !== undefined) this.#words.delete(oldest);
  }

  /** Looks more than once before it says no. */
  async has(user: string, key: string): Promise<boolean> {
    for (let look = 1; ; look += 1) {
      const word = this.#words.get(identityOf(user, key));
      if (word !== undefined) return word.exists;
      if ((await this.#archive.findPlay(user, key)) !== undefined) return true;
      if (look === LOOKS) return false;
      await pause(HEARSAY_MS / (LOOKS - 1));
    }
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }
}

function identityOf(user: string, key: string): string {
  return JSON.stringify([user, key]);
}
