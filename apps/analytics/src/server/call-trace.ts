/**
 * The trace that a call belongs to, for what it logs and for the calls that it makes: W3C trace
 * context in the metadata `traceparent`, as in the headers of HTTP calls and of records.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Interceptor } from "@connectrpc/connect";
import { HEADERS } from "@segue/contracts";
import {
  parseTraceparent,
  startSpan,
  type TraceContext,
  toTraceparent,
} from "@segue/telemetry/trace-context";

const spans = new AsyncLocalStorage<TraceContext>();

/** Answers each call within a span of its own: of its caller's trace, or of a new one. */
export const traceCalls: Interceptor = (next) => async (request) => {
  const parent = parseTraceparent(request.header.get(HEADERS.traceparent) ?? undefined);
  const span = startSpan(parent);
  const response = await spans.run(span, () => next(request));
  return response.stream ? { ...response, message: withinSpan(span, response.message) } : response;
};

/** Of a client: calls that are made while a call is answered belong to its trace. */
export const passTrace: Interceptor = (next) => (request) => {
  const span = spans.getStore();
  if (span !== undefined) request.header.set(HEADERS.traceparent, toTraceparent(span));
  return next(request);
};

/** For a log line about the call that is being answered. */
export function traceFields(): { readonly traceId?: string } {
  const span = spans.getStore();
  return span === undefined ? {} : { traceId: span.traceId };
}

/** A stream is answered while it is read, which is after the call was taken. */
function withinSpan<Message>(
  span: TraceContext,
  messages: AsyncIterable<Message>,
): AsyncIterable<Message> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = messages[Symbol.asyncIterator]();
      return {
        next: () => spans.run(span, () => iterator.next()),
        return: async (value?: unknown) =>
          (await spans.run(span, () => iterator.return?.(value))) ?? { done: true, value },
      };
    },
  };
}
