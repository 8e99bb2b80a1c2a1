/**
 * Tells pages that figures changed, by whichever server or tool: one look at the database's change
 * counter serves all that listen, and with nobody listening there is none.
 */
import { setTimeout as pause } from "node:timers/promises";
import { toAppError } from "@segue/errors";
import type { ListeningArchive } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";

export interface ListeningEventsOptions {
  readonly listening: Pick<ListeningArchive, "playRevision" | "listenerRevision">;
  readonly access: Pick<StoreAccess, "need">;
}

/** Between two looks, and so between two events to one listener. */
const LOOK_INTERVAL_MS = 250;
/** Proxies close connections on which nothing comes for a minute. */
const SIGN_OF_LIFE_LOOKS = 60;

export class ListeningEvents {
  readonly #options: ListeningEventsOptions;
  readonly #closing = new AbortController();
  #look: Promise<number> | undefined;

  constructor(options: ListeningEventsOptions) {
    this.#options = options;
  }

  /**
   * Event-stream text: `changed` at first and after every change, of this user's figures where one
   * is given, at most four a second. Its revision rises from event to event, and covers the change.
   * It ends with the signal; while the database is away it waits.
   */
  async *follow(user: string | undefined, signal: AbortSignal): AsyncGenerator<string> {
    yield "retry: 1000\n\n";
    let seen = -1;
    let figures = -1;
    let told = -1;
    const isOver = () => signal.aborted || this.#closing.signal.aborted;
    for (let looks = 1; !isOver(); looks += 1) {
      try {
        const look = await this.#sharedLook();
        if (look !== seen) {
          const now = await this.#figuresOf(user, look);
          // Whoever asks after an event learns of every change up to its revision.
          if (now.figures !== figures && now.revision !== told) {
            yield `event: changed\ndata: ${JSON.stringify({ revision: now.revision })}\n\n`;
            told = now.revision;
          }
          seen = look;
          figures = now.figures;
        }
      } catch (thrown) {
        if (toAppError(thrown).code !== "STORE_UNAVAILABLE") throw thrown;
      }
      if (looks % SIGN_OF_LIFE_LOOKS === 0) yield ": still there\n\n";
      await pause(LOOK_INTERVAL_MS, undefined, { ref: false });
    }
  }

  /** Ends what is followed. */
  close(): void {
    this.#closing.abort();
  }

  /** The user's figures may hold plays that came after the look; the revision is read behind them. */
  async #figuresOf(user: string | undefined, look: number): Promise<Figures> {
    if (user === undefined) return { figures: look, revision: look };
    const { listening, access } = this.#options;
    const figures = await access.need(() => listening.listenerRevision(user));
    return { figures, revision: await access.need(() => listening.playRevision()) };
  }

  /** Listeners that look at the same time share a look. */
  #sharedLook(): Promise<number> {
    const { listening, access } = this.#options;
    this.#look ??= access
      .need(() => listening.playRevision())
      .finally(() => {
        this.#look = undefined;
      });
    return this.#look;
  }
}

interface Figures {
  readonly figures: number;
  /** Of all plays, at least of those in the figures. */
  readonly revision: number;
}
