import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import { secondsSince } from "../seconds-since.ts";
import { traceFields } from "./call-trace.ts";
import { toConnectError } from "./to-connect-error.ts";
import { untilAborted } from "./until-aborted.ts";

/** @param call service and method; @param code a status such as `OK` or `InvalidArgument` */
export type ObserveCall = (
  labels: { readonly call: string; readonly code: string },
  seconds: number,
) => void;

/**
 * Around every call: what it throws, before or while it answers, becomes a status; our own mistakes
 * are logged; a stream that stalls ends with its call.
 */
export function aroundCalls(logger: AnalyticsLogger, observe: ObserveCall): Interceptor {
  return (next) => async (request) => {
    const call = `${request.service.typeName}/${request.method.name}`;
    const startedAt = performance.now();
    let isOver = false;
    const ended = (code: string) => {
      if (!isOver) observe({ call, code }, secondsSince(startedAt));
      isOver = true;
    };
    // Also where nobody goes on reading the answer; after a call that has ended it means nothing.
    request.signal.addEventListener(
      "abort",
      () => ended(Code[ConnectError.from(request.signal.reason, Code.Canceled).code]),
      { once: true },
    );
    const failed = (thrown: unknown): ConnectError => {
      const error = toConnectError(thrown);
      if (error.code === Code.Internal)
        logger.error({ err: thrown, call, ...traceFields() }, "call.failed");
      ended(Code[error.code]);
      return error;
    };
    try {
      const response = await next(
        request.stream
          ? { ...request, message: untilAborted(request.message, request.signal) }
          : request,
      );
      if (response.stream) {
        return { ...response, message: observed(response.message, () => ended("OK"), failed) };
      }
      ended("OK");
      return response;
    } catch (thrown) {
      throw failed(thrown);
    }
  };
}

async function* observed<Message>(
  messages: AsyncIterable<Message>,
  ended: () => void,
  failed: (thrown: unknown) => ConnectError,
): AsyncGenerator<Message> {
  try {
    yield* messages;
  } catch (thrown) {
    throw failed(thrown);
  }
  ended();
}
