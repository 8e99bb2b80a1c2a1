/** The handlers that wait for the reply to their request to be on the bus. */
export class ReplyWaiters {
  readonly #waiting = new Map<string, PromiseWithResolvers<void>[]>();

  /** Resolves when the next reply to the request has been published. */
  expect(requestId: string): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(requestId);
    if (waiting === undefined) this.#waiting.set(requestId, [waiter]);
    else waiting.push(waiter);
    return waiter.promise;
  }

  settle(requestId: string): void {
    for (const waiter of this.#take(requestId)) waiter.resolve();
  }

  fail(requestId: string, error: unknown): void {
    for (const waiter of this.#take(requestId)) waiter.reject(error);
  }

  #take(requestId: string): readonly PromiseWithResolvers<void>[] {
    const waiting = this.#waiting.get(requestId) ?? [];
    this.#waiting.delete(requestId);
    return waiting;
  }
}
