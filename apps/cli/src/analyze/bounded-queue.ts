/** Hands values to one reader and holds its writer back while the reader is behind. */
export class BoundedQueue<Value> implements AsyncIterable<Value> {
  readonly #sizeMax: number;
  readonly #values: Value[] = [];
  #isClosed = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** Resolves when there is room again; at once, and in vain, when the reader has gone. */
  async push(value: Value): Promise<void> {
    if (this.#isClosed) return;
    this.#values.push(value);
    this.#wakeReader();
    while (this.#isFull()) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  #isFull(): boolean {
    return !this.#isClosed && this.#values.length >= this.#sizeMax;
  }

  /** No more values; the reader still gets those that are here. */
  close(): void {
    this.#isClosed = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    try {
      for (;;) {
        const value = this.#values.shift();
        if (value !== undefined) {
          this.#wakeWriter();
          yield value;
        } else if (this.#isClosed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
      }
    } finally {
      this.close();
    }
  }
}
