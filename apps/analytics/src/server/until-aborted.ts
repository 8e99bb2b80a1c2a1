/**
 * The messages until the signal is aborted; then its reason is thrown, even while the next message
 * does not come: a caller that stalls cannot outlive its deadline or a stopping server.
 */
export async function* untilAborted<Message>(
  messages: AsyncIterable<Message>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  // Handled here too, for an abort while nobody waits for a message.
  aborted.catch(() => {});
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: it would wait for the message that does not come.
    void iterator.return?.().catch(() => {});
  }
}
