/**
 * Makes the database of a cluster ready for its processes: tables, and the demo where it is new. A
 * program of its own, so that the supervisor need not load the store and the model.
 */
import { parseToolConfig } from "@segue/config";
import { withStore } from "@segue/runtime";
import { exitCodeFor, printError } from "../output/exit.ts";
import { provision } from "../provision.ts";

try {
  await withStore(parseToolConfig(), (store) => provision(store, (step) => console.log(step)));
} catch (error) {
  // One line, which the supervisor turns into the error that it was.
  printError(error, true);
  process.exitCode = exitCodeFor(error);
}
