/**
 * Whether a play exists, counting those that are accepted and not yet in the database. Every API
 * process reads along what all of them accept.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Bus, partitionFor, type Subscription } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { PLAYS_GROUP } from "../consumers/plays-consumer.ts";
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

export interface RecentPlaysOptions {
  readonly bus: Bus;
  readonly archive: Pick<PlayArchive, "findPlay">;
  /** So long a question waits for plays that were accepted before this process began to hear. */
  readonly waitMs: number;
}

export class RecentPlays {
  readonly #options: RecentPlaysOptions;
  /** Records heard since the start, by partition. */
  readonly #heardCounts: number[];
  /** Partitions of which everything from before the start is in the archive. */
  readonly #settled = new Set<number>();
  /** The newest word about each play; the play heard of longest ago first. */
  readonly #words = new Map<string, Word>();
  #subscription: Subscription | undefined;

  private constructor(options: RecentPlaysOptions, partitionCount: number) {
    this.#options = options;
    this.#heardCounts = Array.from({ length: partitionCount }, () => 0);
  }

  static async open(options: RecentPlaysOptions): Promise<RecentPlays> {
    const { bus } = options;
    const recent = new RecentPlays(options, await bus.partitionCount(TOPICS.plays));
    recent.#subscription = await bus.read({
      topic: TOPICS.plays,
      partitions: [...recent.#heardCounts.keys()],
      from: "latest",
      handler: async ({ partition, value }) => {
        const { user, key, deleted, userErased, acceptedAtMs } = decodePlay(value);
        if (userErased) recent.noteErasure(user, acceptedAtMs);
        else recent.note(user, key, { exists: !deleted, acceptedAtMs });
        recent.#heardCounts[partition] = recent.#heardCountOf(partition) + 1;
        await Promise.resolve();
      },
    });
    return recent;
  }

  /** What this process accepts it knows at once; what it then hears of it again is no news. */
  note(user: string, key: string, word: Word): void {
    this.#note(identityOf(user, key), word);
  }

  /** The user has no play but those accepted later, whatever the archive still holds. */
  noteErasure(user: string, acceptedAtMs: number): void {
    const start = `${identityOf(user).slice(0, -1)},`;
    for (const [identity, word] of this.#words) {
      const isEarlier = word.acceptedAtMs <= acceptedAtMs;
      if (isEarlier && identity.startsWith(start)) this.#words.delete(identity);
    }
    this.#note(identityOf(user), { exists: false, acceptedAtMs });
  }

  #note(identity: string, word: Word): void {
    const known = this.#words.get(identity);
    if (known !== undefined && known.acceptedAtMs > word.acceptedAtMs) return;
    this.#words.delete(identity);
    this.#words.set(identity, word);
    if (this.#words.size <= PLAYS_MAX) return;
    const [oldest] = this.#words.keys();
    if (oldest !== undefined) this.#words.delete(oldest);
  }

  /** Looks more than once before it says no; DEADLINE_EXCEEDED when it cannot say no in time. */
  async has(user: string, key: string): Promise<boolean> {
    const givesUpAtMs = performance.now() + this.#options.waitMs;
    for (let look = 1; ; look += 1) {
      // Words about plays that came after the erasure are younger than it and are forgotten later.
      const word = this.#words.get(identityOf(user, key)) ?? this.#words.get(identityOf(user));
      if (word !== undefined) return word.exists;
      // Before the archive is asked: what is settled now will be found in it.
      const isSettled = await this.#isSettled(user);
      if ((await this.#options.archive.findPlay(user, key)) !== undefined) return true;
      if (look >= LOOKS && isSettled) return false;
      if (!isSettled && performance.now() >= givesUpAtMs) throw this.#behindError(user);
      await pause(HEARSAY_MS / (LOOKS - 1));
    }
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  /** Whether all that waits for the archive was heard of here, as nothing is that a crash left. */
  async #isSettled(user: string): Promise<boolean> {
    const partition = partitionFor(user, this.#heardCounts.length);
    if (this.#settled.has(partition)) return true;
    const lags = await this.#options.bus.lag();
    const waiting = lags.find(
      (each) =>
        each.topic === TOPICS.plays && each.group === PLAYS_GROUP && each.partition === partition,
    );
    if ((waiting?.lag ?? 0) > this.#heardCountOf(partition)) return false;
    this.#settled.add(partition);
    return true;
  }

  #heardCountOf(partition: number): number {
    return this.#heardCounts[partition] ?? 0;
  }

  #behindError(user: string): AppError {
    const detail = `Plays of ${JSON.stringify(user)} still wait for the database; try again`;
    return new AppError("DEADLINE_EXCEEDED", detail);
  }
}

/** Without a key, of all the user's plays. */
function identityOf(user: string, ...key: readonly string[]): string {
  return JSON.stringify([user, ...key]);
}
