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

export class RecentPlays {
  readonly #archive: PlayArchive;
  /** Whether the newest word about a play was that it exists; oldest first. */
  readonly #exists = new Map<string, boolean>();
  #subscription: Subscription | undefined;

  private constructor(archive: PlayArchive) {
    this.#archive = archive;
  }

  static async open(bus: Bus, archive: PlayArchive): Promise<RecentPlays> {
    const recent = new RecentPlays(archive);
    const partitionCount = await bus.partitionCount(TOPICS.plays);
    recent.#subscription = await bus.read({
      topic: TOPICS.plays,
      partitions: Array.from({ length: partitionCount }, (_, partition) => partition),
      from: "latest",
      handler: async (record) => {
        const { user, key, deleted } = decodePlay(record.value);
        recent.#note(identityOf(user, key), !deleted);
        await Promise.resolve();
      },
    });
    return recent;
  }

  /** Looks more than once before it says no. */
  async has(user: string, key: string): Promise<boolean> {
    for (let look = 1; ; look += 1) {
      const heard = this.#exists.get(identityOf(user, key));
      if (heard !== undefined) return heard;
      if ((await this.#archive.findPlay(user, key)) !== undefined) return true;
      if (look === LOOKS) return false;
      await pause(HEARSAY_MS / (LOOKS - 1));
    }
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  #note(identity: string, exists: boolean): void {
    this.#exists.delete(identity);
    this.#exists.set(identity, exists);
    if (this.#exists.size <= PLAYS_MAX) return;
    for (const oldest of this.#exists.keys()) {
      this.#exists.delete(oldest);
      return;
    }
  }
}

function identityOf(user: string, key: string): string {
  return JSON.stringify([user, key]);
}
