/** Thread entry: does one task after the other. */
import { parentPort } from "node:worker_threads";
import { invariant } from "@segue/errors";
import { buffersOf, type CountTask, doCountTask } from "./count-tasks.ts";

const port = parentPort;
invariant(port !== null, "this is the entry of a worker thread");
port.on("message", (task: CountTask) => {
  const parts = doCountTask(task);
  port.postMessage(parts, buffersOf(parts));
});
