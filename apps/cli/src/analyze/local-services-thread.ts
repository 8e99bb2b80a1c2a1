/** The thread of `local-services.ts`: tells its address and serves until it is ended. */
import { enableCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { invariant } from "@segue/errors";

invariant(parentPort !== null, "this file runs as a thread");
// Before anything large is loaded; each thread enables it for itself.
enableCompileCache();
const { startAnalytics } = await import("../start-analytics.ts");
const analytics = await startAnalytics({ info: () => {}, warn: log("warn"), error: log("error") });
parentPort.postMessage(analytics.addresses[0]);

/** The logger is loaded with the first line that there is to log, which most runs have not. */
function log(level: "warn" | "error") {
  return (fields: object, event: string) =>
    void import("@segue/telemetry").then(({ createLogger }) =>
      createLogger({ name: "analytics-1", level, destination: process.stderr })[level](
        fields,
        event,
      ),
    );
}
