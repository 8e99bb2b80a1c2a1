/** `segue analytics`: a process that answers the analytics calls. It needs neither bus nor database. */
import { type AnalyticsConfig, parseAnalyticsConfig } from "@segue/config";
import { startOperationsServer } from "@segue/runtime/operations-server";
import { type Closers, serveUntilStopped } from "@segue/runtime/serve-until-stopped";
import { createLogger, createMetrics } from "@segue/telemetry";
import { createAnalytics } from "./app.ts";

const MIB = 1024 * 1024;

/** Resolves when the process has served and left in order. */
export async function main(): Promise<void> {
  const config = parseAnalyticsConfig();
  await serveUntilStopped((closers, stopSignal) => start(config, closers, stopSignal));
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
      noticeMs: config.drainMs,
    },
  });
  closers.add(() => analytics.close());
  state.isServing = true;
  return { replica, address: operations.address, grpc: analytics.addresses };
}
