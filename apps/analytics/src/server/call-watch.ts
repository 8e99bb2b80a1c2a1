/** How long a call has waited for its caller, and an end to waiting. */
import {
  Code,
  type ConnectError,
  createContextKey,
  createContextValues,
} from "@connectrpc/connect";
import {
  assertByteStreamRequest,
  type UniversalHandler,
  type UniversalServerRequest,
} from "@connectrpc/connect/protocol";
import type { ObserveCall } from "./around-calls.ts";

export interface CallWatch {
  /** Since its last bytes; 0 while it works on them. */
  readonly waitedMs: number;
  /** Ends the call with this error when it waits. */
  giveWay(error: ConnectError): void;
}

/** Of a call that is watched. */
export const CALL_WATCH = createContextKey<CallWatch | undefined>(undefined);

/**
 * A call whose bytes are watched as they come. Below every other reader of them, as a message of which
 * the half has come is waited for too.
 */
export function withCallWatch(handler: UniversalHandler, observe: ObserveCall): UniversalHandler {
  const { service, method } = handler;
  const gaveWay = ({ code }: ConnectError) => {
    // A stream is begun before its messages are read, and then observed as every call is.
    if (method.methodKind !== "unary") return;
    observe({ call: `${service.typeName}/${method.name}`, code: Code[code] }, 0);
  };
  const answer = (request: UniversalServerRequest) => {
    assertByteStreamRequest(request);
    const watch = new BytesWatch(request.body, gaveWay);
    return handler({
      ...request,
      body: watch.bytes(),
      contextValues: (request.contextValues ?? createContextValues()).set(CALL_WATCH, watch),
    });
  };
  return Object.assign(answer, handler);
}

class BytesWatch implements CallWatch {
  readonly #body: AsyncIterable<Uint8Array>;
  #waitsSince: number | undefined;
  readonly #gaveWay: (error: ConnectError) => void;
  #stopWaiting = (_error: ConnectError) => {};

  constructor(body: AsyncIterable<Uint8Array>, gaveWay: (error: ConnectError) => void) {
    this.#body = body;
    this.#gaveWay = gaveWay;
  }

  get waitedMs(): number {
    return this.#waitsSince === undefined ? 0 : performance.now() - this.#waitsSince;
  }

  giveWay(error: ConnectError): void {
    this.#gaveWay(error);
    this.#stopWaiting(error);
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const iterator = this.#body[Symbol.asyncIterator]();
    try {
      for (;;) {
        this.#waitsSince = performance.now();
        const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
          this.#stopWaiting = reject;
          iterator.next().then(resolve, reject);
        });
        this.#waitsSince = undefined;
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      this.#waitsSince = undefined;
      // Not awaited: it would wait for the bytes that do not come.
      void iterator.return?.().catch(() => {});
    }
  }
}
