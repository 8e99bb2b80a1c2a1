/**
 * Receipts pass through their topic into a table of their own, so the topic need not keep them.
 * Plays stay as long as the history is to be kept; dead letters await a developer.
 */
import { TOPICS } from "@segue/contracts";
import { toAppError } from "@segue/errors";
import type { Store } from "@segue/store";
import type { Logger } from "@segue/telemetry";

const INTERVAL_MS = 60 * 60 * 1000;
/** Long after the consumer has stored them, also when it was away for a while. */
const KEPT_MS = 24 * INTERVAL_MS;

/** Returns what stops it. */
export function startLogRetention(store: Store, logger: Logger, now: () => number): () => void {
  const trim = () => {
    store.log.deleteEntriesBefore(TOPICS.receipts, now() - KEPT_MS).catch((error: unknown) => {
      logger.warn({ err: toAppError(error) }, "log.retention.failed");
    });
  };
  const timer = setInterval(trim, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
