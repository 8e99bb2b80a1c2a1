import type { Database } from "../sql/database.ts";
import { settleSomeListening } from "./settle-listening.ts";

export interface ListeningSettler {
  /** There is, or may be, something to settle. */
  soon(): void;
  /** Waits for the step under way. */
  close(): Promise<void>;
}

/** Notes gather so long, so that a busy hour rewrites an aggregate twice a second at most. */
const INTERVAL_MS = 500;

/** Settles in the background, so that no question finds much to settle. */
export function createListeningSettler(database: Database): ListeningSettler {
  let timer: NodeJS.Timeout | undefined;
  let settling: Promise<void> | undefined;
  let isClosed = false;
  const settle = async () => {
    try {
      while (!isClosed && (await settleSomeListening(database)));
    } catch {
      // Nothing is lost: the notes stay, and the next question settles them or says why it cannot.
    }
  };
  const soon = () => {
    if (isClosed || timer !== undefined) return;
    timer = setTimeout(() => {
      settling = settle().then(() => {
        timer = undefined;
      });
    }, INTERVAL_MS);
    timer.unref();
  };
  return {
    soon,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await settling;
    },
  };
}
