/** `segue analytics`: a process that answers the analytics calls. It needs neither bus nor database. */
import { type AnalyticsConfig, parseAnalyticsConfig } from "@segue/config";
import { Closers, startOperationsServer } from "@segue/runtime";
import { aborted } from "@segue/runtime/aborted";
import { createLogger, createMetrics } from "@segue/telemetry";
import { createAnalytics } from "./app.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const MIB = 1024 * 1024;

/** Resolves when the process has served and left in order. */
export async function main(): Promise<void> {
  const config = parseAnalyticsConfig();
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  const closers = new Closers();
  try {
    const announcement = await start(config, closers, stop.signal);
    // One line for whoever started the process and reads its output.
    process.stdout.write(`${JSON.stringify(announcement)}\n`);
    await aborted(stop.signal);
  } finally {
    await closers.closeAll();
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

async function start(config: AnalyticsConfig, closers: Closers, stopSignal: AbortSignal) {
  const replica = `analytics-${config.instance}`;
  const logger = createLogger({
    name: replica,
    level: config.logLevel,
    destination: process.stderr,
  });
  logger.info({ config }, "config.effective");
  const metrics = createMetrics({ process: true });
  const state = { isServing: false };
  const operations = await startOperationsServer({
    host: config.operationsHost,
    port: config.operationsPort,
    whyNotReady: () => {
      if (stopSignal.aborted) return "it stops";
      return state.isServing ? undefined : "it starts";
    },
    metrics,
  });
  closers.add(() => operations.close());
  const analytics = await createAnalytics({
    logger,
    metrics,
    options: {
      host: config.grpcHost,
      ports: config.grpcPorts,
      messageBytesMax: config.grpcMessageMibMax * MIB,
      threads: config.mapReduceThreads,
      nodes: config.mapReduceNodes,
    },
  });
  closers.add(() => analytics.close());
  state.isServing = true;
  return { replica, address: operations.address, grpc: analytics.addresses };
}
