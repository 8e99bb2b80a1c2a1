import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * The messages of a caller that leaves end as those of one that has sent all, and the signal is aborted
 * so many turns of the event loop later. Whoever waits for them counts nothing for nobody.
 */
const LEAVING_TURNS = 3;

/**
 * The messages until the signal is aborted; then its reason is thrown, even while the next message
 * does not come: a caller that stalls cannot outlive its deadline or a stopping server.
 */
export async function* untilAborted<Message>(
  messages: AsyncIterable<Message>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  // A promise for each wait: one for the whole call would keep every message raced against it.
  let stopWaiting = (_reason: Error) => {};
  const onAbort = () => stopWaiting(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<Message>>((resolve, reject) => {
        stopWaiting = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) break;
      yield next.value;
    }
    for (let turn = 0; turn < LEAVING_TURNS; turn++) await nextTurn();
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: it would wait for the message that does not come.
    void iterator.return?.().catch(() => {});
  }
}
