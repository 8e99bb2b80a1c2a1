/**
 * The analytics services in a thread of their own, for a process that does other work: a message of
 * 64 MiB takes a second to read, in which nothing else in its thread moves.
 */
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { AppError, toAppError } from "@segue/errors";
import type { Analytics, AnalyticsDependencies, AnalyticsOptions } from "../app.ts";
import { CLOSE, type ThreadMessage } from "./thread-messages.ts";

export interface ThreadDependencies extends AnalyticsDependencies {
  /** For tests that end the thread. */
  readonly startThread?: (options: AnalyticsOptions) => Worker;
}

const RESTART_MS = 500;

/**
 * Resolves when every port is open. CONFIG_INVALID when one cannot be. A thread that ends by itself
 * is replaced, on the same ports.
 */
export async function startAnalyticsThread({
  logger,
  metrics,
  options,
  startThread = startServingThread,
}: ThreadDependencies): Promise<Analytics> {
  const closing = new AbortController();
  const isClosing = () => closing.signal.aborted;
  let thread = startThread(options);
  const addresses = await opened(thread, logger, metrics);
  const samePorts = { ...options, ports: addresses.map(portOf) };
  const restart = async () => {
    while (!isClosing()) {
      await setTimeout(RESTART_MS);
      if (isClosing()) return;
      thread = startThread(samePorts);
      try {
        await opened(thread, logger, metrics);
        watch();
        return;
      } catch (error) {
        logger.error({ err: error }, "analytics.restarting");
      }
    }
  };
  const watch = () => {
    thread.once("exit", (exitCode) => {
      if (isClosing()) return;
      logger.error({ exitCode }, "analytics.lost");
      void restart();
    });
  };
  watch();
  return {
    addresses,
    async close() {
      closing.abort();
      if (thread.threadId === -1) return;
      const exited = once(thread, "exit");
      thread.postMessage(CLOSE);
      await exited;
    },
  };
}

function startServingThread(options: AnalyticsOptions): Worker {
  return new Worker(new URL("./serving-thread.ts", import.meta.url), { workerData: options });
}

/** Resolves with the addresses; from here on what the thread logs is logged. */
function opened(
  thread: Worker,
  logger: AnalyticsDependencies["logger"],
  metrics: AnalyticsDependencies["metrics"],
): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  thread.on("message", (message: ThreadMessage) => {
    switch (message.kind) {
      case "listening":
        resolve(message.addresses);
        break;
      case "refused":
        reject(new AppError(message.code, message.message));
        break;
      case "call":
        metrics.observeCall(message.labels, message.seconds);
        break;
      case "log":
        logger[message.level](message.fields, message.event);
        break;
    }
  });
  thread.on("error", (error: unknown) => {
    logger.error({ err: error }, "analytics.failed");
    reject(toAppError(error));
  });
  thread.once("exit", () => reject(new AppError("INTERNAL", "The analytics thread ended early.")));
  return promise;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
