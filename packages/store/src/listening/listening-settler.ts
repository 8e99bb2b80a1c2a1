import { setTimeout as pause } from "node:timers/promises";
import { AppError, toAppError } from "@segue/errors";
import { readCounter } from "../sql/counter.ts";
import type { Database } from "../sql/database.ts";
import { startOver } from "./listening-filling.ts";
import { hasPendingPlays, pendingPlays, settleSomeListening } from "./settle-listening.ts";

export interface ListeningSettler {
  /** There is, or may be, something to settle. */
  soon(): void;
  /**
   * Resolves when all that is noted now is settled; STORE_UNAVAILABLE when that takes longer than a
   * question can wait, as while the plays of an older Segue are being counted.
   */
  settleNoted(): Promise<void>;
  /** Waits for the step under way. */
  close(): Promise<void>;
}

/** Notes that nobody asks for gather so long. */
const INTERVAL_MS = 500;
/** Well within the patience of a balancer, so that whoever asks hears why. */
const QUESTION_MS_MAX = 1_000;
/**
 * Between two settlements the database is others' for as long as the last one took, or so long:
 * many questions while plays stream in must not take the writer away from the plays. A question may
 * meet one settlement, this rest, and its own.
 */
const REST_MS_MAX = 200;

/** Settles in the background, so that a question seldom finds much to settle. */
export function createListeningSettler(database: Database): ListeningSettler {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  let restUntilMs = 0;
  /** Settlements by any process, when this one last looked. */
  let settlements: number | undefined;
  let isClosed = false;
  /** Counting anew that comes to no end would only be begun again. */
  let isCountingAnew = false;

  /** Several processes that settle a little each would write the same tallies several times. */
  const doOthersSettle = async (): Promise<boolean> => {
    const before = settlements;
    settlements = await readCounter(database.read, "listening");
    return before !== undefined && before !== settlements;
  };

  const settleSome = async (target: number): Promise<boolean> => {
    try {
      return await settleSomeListening(database, target);
    } catch (error) {
      if (isCountingAnew || toAppError(error).code !== "INTERNAL") throw error;
      isCountingAnew = true;
      await countAnew(database, error);
      return true;
    }
  };

  const settle = async () => {
    const startedAtMs = performance.now();
    const target = await readCounter(database.read, "listening_notes");
    // What comes in meanwhile is for the next time.
    while (!isClosed && (await settleSome(target)));
    isCountingAnew &&= isClosed;
    settlements = await readCounter(database.read, "listening");
    const endedAtMs = performance.now();
    restUntilMs = endedAtMs + Math.min(REST_MS_MAX, endedAtMs - startedAtMs);
  };
  const settleInTurn = async () => {
    await current.catch(() => undefined);
    await pause(Math.max(0, restUntilMs - performance.now()));
    next = undefined;
    current = settle();
    await current;
  };
  /** Whoever asks before a settlement begins shares it. */
  const join = (): Promise<void> => {
    next ??= settleInTurn();
    return next;
  };

  const settleUnlessOthersDo = async () => {
    if (await doOthersSettle()) soon();
    else await join();
  };
  const soon = () => {
    if (isClosed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      // Nothing is lost: the notes stay, and the next question says what is wrong.
      settleUnlessOthersDo().catch(() => undefined);
    }, INTERVAL_MS);
    timer.unref();
  };

  return {
    soon,
    async settleNoted() {
      if (!(await hasPendingPlays(database))) return;
      const waited = new AbortController();
      const tooLong = pause(QUESTION_MS_MAX, "too long", { signal: waited.signal });
      const outcome = await Promise.race([join(), tooLong.catch(() => undefined)]);
      waited.abort();
      if (outcome === "too long") throw await behindError(database);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.allSettled([next, current]);
    },
  };
}

/**
 * A note that cannot be settled would hold up every question for ever. The plays are the truth, so the
 * aggregates are made from them again.
 */
async function countAnew(database: Database, error: unknown): Promise<void> {
  await database.write(startOver);
  process.emitWarning(
    `The statistics did not fit the stored plays and are being counted anew: ${toAppError(error).message}`,
    { code: "SEGUE_STATISTICS_DAMAGED" },
  );
}

async function behindError(database: Database): Promise<AppError> {
  const plays = await pendingPlays(database);
  return new AppError(
    "STORE_UNAVAILABLE",
    `Statistics are still being made from the stored plays: ${plays} are to be counted; try again in a moment.`,
    { details: { reason: "counting", plays } },
  );
}
