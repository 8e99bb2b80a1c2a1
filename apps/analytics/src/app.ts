/** The analytics services: one implementation behind any number of ports, every service on each. */
import { setTimeout as pause } from "node:timers/promises";
import type { AnalyticsLogger } from "./analytics-logger.ts";
import type { Counting } from "./counting/counting.ts";
import { countingOnThreads } from "./counting/counting-on-threads.ts";
import { countingHere } from "./counting/pair-counter.ts";
import { aggregationHere } from "./counting/play-aggregation.ts";
import { ThreadPool } from "./counting/thread-pool.ts";
import { aggregationOnNodes } from "./nodes/aggregation-on-nodes.ts";
import { NodeCalls } from "./nodes/node-calls.ts";
import type { ObserveCall } from "./server/around-calls.ts";
import { createCallHandler } from "./server/call-handler.ts";
import { type Listener, listen } from "./server/listen.ts";

export interface AnalyticsOptions {
  readonly host: string;
  /** A listener for each; 0 takes any free port. */
  readonly ports: readonly number[];
  /** The largest message that is read. */
  readonly messageBytesMax: number;
  /** Worker threads that count what large calls bring; 0 counts on the calling thread. */
  readonly threads: number;
  /** Addresses of other services, over which the plays of AggregatePlays calls are spread. */
  readonly nodes: readonly string[];
  /** After so long without a byte from its caller a call gives way to others; a minute if not told. */
  readonly idleMs?: number;
  /** How long this goes on answering when it has said that it stops, for a load balancer to notice. */
  readonly noticeMs?: number;
  /** How long calls under way may take to end while this closes. */
  readonly drainMs?: number;
}

export interface AnalyticsMetrics {
  readonly observeCall: ObserveCall;
}

export interface AnalyticsDependencies {
  readonly logger: AnalyticsLogger;
  readonly metrics: AnalyticsMetrics;
  readonly options: AnalyticsOptions;
}

export interface Analytics {
  /** Of each port in order, such as `127.0.0.1:50051`. */
  readonly addresses: readonly string[];
  /** Says that it stops, refuses new calls, waits for those under way, then ends them. */
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
const DRAIN_MS = 3_000;

/** For the status of a call that was ended to reach its caller. */
const FAREWELL_MS = 250;

/** Resolves when every port is open. CONFIG_INVALID when one cannot be. */
export async function createAnalytics({
  logger,
  metrics,
  options,
}: AnalyticsDependencies): Promise<Analytics> {
  const { host, ports, messageBytesMax, noticeMs = 0 } = options;
  const { idleMs = IDLE_MS, drainMs = DRAIN_MS } = options;
  const pool = new ThreadPool({ threads: options.threads, logger });
  const nodes = new NodeCalls(options.nodes, logger);
  const calls = createCallHandler({
    counting: countingWith(pool, nodes),
    messageBytesMax,
    idleMs,
    logger,
    observe: metrics.observeCall,
  });
  const listeners: Listener[] = [];
  const close = async () => {
    calls.stopServing();
    const ended = Promise.all(listeners.map((listener) => listener.close()));
    const overdue = setTimeout(() => calls.abort(), drainMs);
    const lost = setTimeout(() => {
      for (const listener of listeners) listener.destroy();
    }, drainMs + FAREWELL_MS);
    await ended;
    clearTimeout(overdue);
    clearTimeout(lost);
    nodes.close();
    await pool.close();
  };
  try {
    for (const port of ports) listeners.push(await listen(host, port, calls.handle));
  } catch (error) {
    await close();
    throw error;
  }
  const addresses = listeners.map(({ address }) => address);
  logger.info({ addresses }, "grpc.listening");
  return {
    addresses,
    async close() {
      calls.stopServing();
      if (noticeMs > 0) await pause(noticeMs);
      await close();
    },
  };
}

function countingWith(pool: ThreadPool, nodes: NodeCalls): Counting {
  const pairs = pool.threads === 0 ? countingHere : countingOnThreads(pool);
  const playsOfShares = aggregationHere(pairs);
  const plays = nodes.nodeCount === 0 ? playsOfShares : aggregationOnNodes(nodes, playsOfShares);
  return { pairs, plays, playsOfShares };
}
