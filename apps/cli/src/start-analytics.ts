/** The analytics services alone in this process: what `segue analyze` calls where no addresses are given. */
import { availableParallelism } from "node:os";
import { type Analytics, type AnalyticsDependencies, createAnalytics } from "@segue/analytics";

const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/**
 * Reading the file takes one core and the services' own thread another; counting threads are for those
 * beyond. With two on two cores the run took a third more processor time, and half as much memory more.
 */
const THREADS = Math.max(0, availableParallelism() - 2);

/** On one free port of this machine, which serves all of them. Whoever starts them closes them. */
export async function startAnalytics(logger: AnalyticsDependencies["logger"]): Promise<Analytics> {
  return createAnalytics({
    logger,
    // Nobody asks a process of one file for metrics.
    metrics: { observeCall: () => {} },
    options: {
      host: "127.0.0.1",
      ports: [0],
      messageBytesMax: MESSAGE_BYTES_MAX,
      threads: THREADS,
      nodes: [],
    },
  });
}
