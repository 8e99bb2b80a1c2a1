/** Thread entry: serves until it is told to close. */
import { parentPort, workerData } from "node:worker_threads";
import { invariant, toAppError } from "@segue/errors";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import { type AnalyticsMetrics, type AnalyticsOptions, createAnalytics } from "../app.ts";
import { CLOSE, type ThreadMessage } from "./thread-messages.ts";

const port = parentPort;
invariant(port !== null, "this is the entry of a worker thread");
const tell = (message: ThreadMessage) => port.postMessage(message);

const log = (level: keyof AnalyticsLogger) => (fields: object, event: string) =>
  tell({ kind: "log", level, fields, event });
const logger = { info: log("info"), warn: log("warn"), error: log("error") };
const metrics: AnalyticsMetrics = {
  observeCall: (labels, seconds) => tell({ kind: "call", labels, seconds }),
};

try {
  const analytics = await createAnalytics({
    logger,
    metrics,
    options: workerData as AnalyticsOptions,
  });
  port.once("message", (message) => {
    invariant(message === CLOSE, "there is one message to this thread");
    // Without its port and its listeners nothing keeps the thread.
    void analytics.close().finally(() => port.close());
  });
  tell({ kind: "listening", addresses: analytics.addresses });
} catch (thrown) {
  const { code, message } = toAppError(thrown);
  tell({ kind: "refused", code, message });
}
