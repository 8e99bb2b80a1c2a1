/** The analytics services: one implementation behind any number of ports, every service on each. */
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { AppError } from "@segue/errors";
import { countingHere } from "./counting/pair-counter.ts";
import { callErrors } from "./server/call-errors.ts";
import { type Listener, listen } from "./server/listen.ts";
import { addAnalyticsServices } from "./server/routes.ts";
import { withSizeAdvice } from "./server/size-advice.ts";
import { toConnectError } from "./server/to-connect-error.ts";

export interface AnalyticsLogger {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface AnalyticsOptions {
  readonly host: string;
  /** A listener for each; 0 takes any free port. */
  readonly ports: readonly number[];
  /** The largest message that is read. */
  readonly messageBytesMax: number;
  /** How long calls under way may take to end while this closes. */
  readonly drainMs?: number;
}

export interface AnalyticsDependencies {
  readonly logger: AnalyticsLogger;
  readonly options: AnalyticsOptions;
}

export interface Analytics {
  /** Of each port in order, such as `127.0.0.1:50051`. */
  readonly addresses: readonly string[];
  /** Refuses new calls, waits for those under way, then ends them. */
  close(): Promise<void>;
}

const DRAIN_MS = 3_000;

/** Resolves when every port is open. CONFIG_INVALID when one cannot be. */
export async function createAnalytics(dependencies: AnalyticsDependencies): Promise<Analytics> {
  const { logger, options } = dependencies;
  const shutdown = new AbortController();
  const handler = createHandler(dependencies, shutdown.signal);
  const listeners: Listener[] = [];
  const close = async () => {
    const ended = Promise.all(listeners.map((listener) => listener.close()));
    const overdue = setTimeout(() => {
      shutdown.abort(
        toConnectError(
          new AppError("ANALYTICS_UNAVAILABLE", "The server stops; call again in a second."),
        ),
      );
      setImmediate(() => {
        for (const listener of listeners) listener.destroy();
      });
    }, options.drainMs ?? DRAIN_MS);
    await ended;
    clearTimeout(overdue);
  };
  try {
    for (const port of options.ports) listeners.push(await listen(options.host, port, handler));
  } catch (error) {
    await close();
    throw error;
  }
  const addresses = listeners.map(({ address }) => address);
  logger.info({ addresses }, "grpc.listening");
  return { addresses, close };
}

function createHandler({ logger, options }: AnalyticsDependencies, shutdownSignal: AbortSignal) {
  return connectNodeAdapter({
    grpcWeb: false,
    connect: false,
    readMaxBytes: options.messageBytesMax,
    interceptors: [callErrors(logger)],
    shutdownSignal,
    routes(router) {
      addAnalyticsServices(router, countingHere);
      const advised = router.handlers.map((handler) =>
        withSizeAdvice(handler, options.messageBytesMax),
      );
      router.handlers.splice(0, router.handlers.length, ...advised);
    },
  });
}
