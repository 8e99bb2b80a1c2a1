import { toAppError } from "@segue/errors";
import type { Database, WriteTransaction } from "./database.ts";

/** Stores items and gives one outcome for each. */
type StoreItems<Item, Outcome> = (
  transaction: WriteTransaction,
  items: readonly Item[],
) => Promise<readonly Outcome[]>;

interface WaitingCall<Item, Outcome> {
  readonly items: readonly Item[];
  readonly onStored: (outcomes: readonly Outcome[]) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Calls join one write while it has no more items than this; a larger call goes alone. */
const SHARED_ITEMS_MAX = 1_000;

/**
 * Lets calls that wait at the same time become one write, as if one caller had given all their
 * items in that order: on a server every statement is a round trip. When a shared write fails for
 * anything in it, each of its calls is written alone, so that none fails for another's fault.
 */
export function shareWrites<Item, Outcome>(
  database: Database,
  store: StoreItems<Item, Outcome>,
): (items: readonly Item[]) => Promise<readonly Outcome[]> {
  const waiting: WaitingCall<Item, Outcome>[] = [];
  let isWriteComing = false;
  const scheduleWrite = (): void => {
    if (isWriteComing || waiting.length === 0) return;
    isWriteComing = true;
    void writeTogether();
  };
  const take = (): readonly WaitingCall<Item, Outcome>[] => {
    const taken = takeCalls(waiting);
    isWriteComing = false;
    scheduleWrite();
    return taken;
  };
  const writeTogether = async (): Promise<void> => {
    let calls: readonly WaitingCall<Item, Outcome>[] | undefined;
    try {
      const outcomes = await database.write((transaction) => {
        // As late as can be, and once: the write may be repeated.
        calls ??= take();
        return store(
          transaction,
          calls.flatMap((call) => call.items),
        );
      });
      settle(calls ?? [], outcomes);
    } catch (error) {
      calls ??= take();
      const isFaultOfOne = calls.length > 1 && toAppError(error).code !== "STORE_UNAVAILABLE";
      for (const call of calls) {
        if (isFaultOfOne) void writeAlone(database, store, call);
        else call.onFailed(error);
      }
    }
  };
  return async (items) => {
    if (items.length === 0) return [];
    return new Promise((resolve, reject) => {
      waiting.push({ items, onStored: resolve, onFailed: reject });
      scheduleWrite();
    });
  };
}

function takeCalls<Call extends { readonly items: readonly unknown[] }>(waiting: Call[]): Call[] {
  let itemCount = 0;
  const end = waiting.findIndex(({ items }, index) => {
    itemCount += items.length;
    return index > 0 && itemCount > SHARED_ITEMS_MAX;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

function settle<Item, Outcome>(
  calls: readonly WaitingCall<Item, Outcome>[],
  outcomes: readonly Outcome[],
): void {
  let start = 0;
  for (const { items, onStored } of calls) {
    onStored(outcomes.slice(start, start + items.length));
    start += items.length;
  }
}

async function writeAlone<Item, Outcome>(
  database: Database,
  store: StoreItems<Item, Outcome>,
  { items, onStored, onFailed }: WaitingCall<Item, Outcome>,
): Promise<void> {
  await database.write((transaction) => store(transaction, items)).then(onStored, onFailed);
}
