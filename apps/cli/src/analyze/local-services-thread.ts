/** The thread of `local-services.ts`: tells its address and serves until it is ended. */
import { parentPort } from "node:worker_threads";
import { invariant } from "@segue/errors";
import { createLogger } from "@segue/telemetry";
import { startAnalytics } from "../start-analytics.ts";

invariant(parentPort !== null, "this file runs as a thread");
const analytics = await startAnalytics(
  createLogger({ name: "analytics-1", level: "warn", destination: process.stderr }),
);
parentPort.postMessage(analytics.addresses[0]);
