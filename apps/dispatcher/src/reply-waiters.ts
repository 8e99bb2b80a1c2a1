/** The handlers that wait for the reply to their request to be on the bus. */
interface Waiter {
  readonly traceparent: string | undefined;
  readonly reply: PromiseWithResolvers<void>;
}

export class ReplyWaiters {
  readonly #waiting = new Map<string, Waiter[]>();

  /** Resolves when the next reply to the request has been published. */
  expect(requestId: string, traceparent: string | undefined): Promise<void> {
    const waiter = { traceparent, reply: Promise.withResolvers<void>() };
    const waiting = this.#waiting.get(requestId);
    if (waiting === undefined) this.#waiting.set(requestId, [waiter]);
    else waiting.push(waiter);
    return waiter.reply.promise;
  }

  /** The trace that a request belongs to, while somebody waits for its reply. */
  traceparentOf(requestId: string): string | undefined {
    return this.#waiting.get(requestId)?.[0]?.traceparent;
  }

  settle(requestId: string): void {
    for (const { reply } of this.#take(requestId)) reply.resolve();
  }

  fail(requestId: string, error: unknown): void {
    for (const { reply } of this.#take(requestId)) reply.reject(error);
  }

  #take(requestId: string): readonly Waiter[] {
    const waiting = this.#waiting.get(requestId) ?? [];
    this.#waiting.delete(requestId);
    return waiting;
  }
}
