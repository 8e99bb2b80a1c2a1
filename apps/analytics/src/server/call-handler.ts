/** What every port does with a call. */
import { Code, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Health } from "@segue/contracts/health";
import { ServerReflection } from "@segue/contracts/reflection";
import { ServerReflection as ServerReflectionAlpha } from "@segue/contracts/reflection-v1alpha";
import { AppError } from "@segue/errors";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import type { Counting } from "../counting/counting.ts";
import { aroundCalls, type ObserveCall } from "./around-calls.ts";
import { CallSlots } from "./call-slots.ts";
import { traceCalls } from "./call-trace.ts";
import { CALL_WATCH, withCallWatch } from "./call-watch.ts";
import { createHealth } from "./health.ts";
import type { Http2Handler } from "./listen.ts";
import { RECORDS_MAX, withRecordLimit } from "./record-limit.ts";
import { createReflection } from "./reflection.ts";
import { ANALYTICS_SERVICES, addAnalyticsServices } from "./routes.ts";
import { withSizeAdvice } from "./size-advice.ts";
import { toConnectError } from "./to-connect-error.ts";
import { unknownCall } from "./unknown-call.ts";

export interface CallHandler {
  readonly handle: Http2Handler;
  /** Says to who asks for its health that it stops. */
  stopServing(): void;
  /** Ends every call under way. */
  abort(): void;
}

export interface CallHandlerParts {
  readonly counting: Counting;
  readonly messageBytesMax: number;
  readonly idleMs: number;
  readonly logger: AnalyticsLogger;
  readonly observe: ObserveCall;
}

const SERVICES = [...ANALYTICS_SERVICES, Health, ServerReflection, ServerReflectionAlpha];

/** Each holds a message of up to the limit, and what was made of it. */
const CALLS_MAX = 64;

export function createCallHandler({
  counting,
  messageBytesMax,
  idleMs,
  logger,
  observe,
}: CallHandlerParts): CallHandler {
  const shutdown = new AbortController();
  const names = SERVICES.map(({ typeName }) => typeName);
  const health = createHealth(names);
  const handle = connectNodeAdapter({
    grpcWeb: false,
    connect: false,
    readMaxBytes: messageBytesMax,
    // The first is the outermost.
    interceptors: [traceCalls, aroundCalls(logger, observe)],
    shutdownSignal: shutdown.signal,
    requestGate: createGate(new CallSlots({ callsMax: CALLS_MAX, idleMs }), observe),
    fallback: unknownCall(names),
    routes(router: ConnectRouter) {
      addAnalyticsServices(router, counting);
      const limits = { bytesMax: messageBytesMax, recordsMax: RECORDS_MAX };
      for (const [index, handler] of router.handlers.entries()) {
        router.handlers[index] = withCallWatch(withRecordLimit(handler, limits, observe), observe);
      }
      const reflection = createReflection(SERVICES);
      router
        .service(Health, health.service)
        .service(ServerReflection, reflection)
        .service(ServerReflectionAlpha, reflection);
      for (const [index, handler] of router.handlers.entries()) {
        router.handlers[index] = withSizeAdvice(handler, messageBytesMax, observe);
      }
    },
  });
  return {
    handle,
    stopServing: health.stopServing,
    abort: () => shutdown.abort(toConnectError(stopping())),
  };
}

/** Before a byte of a call's messages is read. Health and reflection are always answered. */
function createGate(slots: CallSlots, observe: ObserveCall): (context: HandlerContext) => void {
  return ({ service, method, signal, values }) => {
    const call = values.get(CALL_WATCH);
    if (call === undefined) return;
    try {
      slots.take(call);
    } catch (thrown) {
      const error = toConnectError(thrown);
      observe({ call: `${service.typeName}/${method.name}`, code: Code[error.code] }, 0);
      throw error;
    }
    // The signal of a call is aborted when it ends, however it ends.
    signal.addEventListener("abort", () => slots.release(call), { once: true });
  };
}

function stopping(): AppError {
  return new AppError("ANALYTICS_UNAVAILABLE", "This server stops; call again in a second.");
}
