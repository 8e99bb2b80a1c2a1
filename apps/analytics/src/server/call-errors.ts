import { Code, type Interceptor } from "@connectrpc/connect";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import { toConnectError } from "./to-connect-error.ts";
import { untilAborted } from "./until-aborted.ts";

/** Turns what a call throws, before or while it answers, into a status; logs our own mistakes. */
export function callErrors(logger: AnalyticsLogger): Interceptor {
  const translate = (thrown: unknown, call: string): Error => {
    const error = toConnectError(thrown);
    if (error.code === Code.Internal) logger.error({ err: thrown, call }, "call.failed");
    return error;
  };
  return (next) => async (request) => {
    const call = `${request.service.typeName}/${request.method.name}`;
    try {
      const response = await next(
        request.stream
          ? { ...request, message: untilAborted(request.message, request.signal) }
          : request,
      );
      if (!response.stream) return response;
      return { ...response, message: translated(response.message, call, translate) };
    } catch (thrown) {
      throw translate(thrown, call);
    }
  };
}

async function* translated<Message>(
  messages: AsyncIterable<Message>,
  call: string,
  translate: (thrown: unknown, call: string) => Error,
): AsyncGenerator<Message> {
  try {
    yield* messages;
  } catch (thrown) {
    throw translate(thrown, call);
  }
}
