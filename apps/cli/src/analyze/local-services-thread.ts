/** The thread of `local-services.ts`: tells its address and serves until it is ended. */
import { enableCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { invariant } from "@segue/errors";

invariant(parentPort !== null, "this file runs as a thread");
// Before anything large is loaded; each thread enables it for itself.
enableCompileCache();
const { createLogger } = await import("@segue/telemetry");
const { startAnalytics } = await import("../start-analytics.ts");
const analytics = await startAnalytics(
  createLogger({ name: "analytics-1", level: "warn", destination: process.stderr }),
);
parentPort.postMessage(analytics.addresses[0]);
