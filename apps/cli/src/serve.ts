/**
 * The embedded product: every app in one process, each with a bus connection of its own. The only
 * file that may import several apps; what it does here, separate processes do in a cluster.
 */
import { dirname } from "node:path";
import { startAnalyticsThread } from "@segue/analytics";
import { type Api, createApi } from "@segue/api";
import { type Bus, createInProcessBroker, type InProcessBroker } from "@segue/bus";
import { createComputeNode } from "@segue/compute";
import { type ServeConfig, stageCountOf } from "@segue/config";
import { pipelineTopics } from "@segue/contracts";
import { createDispatcher } from "@segue/dispatcher";
import { dispatcherOptionsFor, type ModelDirectory } from "@segue/domain";
import { AppError } from "@segue/errors";
import {
  loadModelDirectory,
  type ModelPart,
  openServedParts,
  type ServedParts,
} from "@segue/model";
import {
  Closers,
  createWallClock,
  dataFolder,
  openConfiguredStore,
  PRODUCT_VERSION,
  takeFolderLock,
} from "@segue/runtime";
import { computePlaceOf, replicaNameOf } from "@segue/runtime/replica-name";
import { type CatalogueSearch, createSearchWorker } from "@segue/search";
import { createTrendingList, type Store, startPlayRetention } from "@segue/store";
import { createLogger, createMetrics, type Logger, type Metrics } from "@segue/telemetry";
import { startLogRetention } from "./log-retention.ts";
import { ensurePageBuilt } from "./page-build.ts";
import { provision } from "./provision.ts";

export interface ServeOptions {
  readonly withPage: boolean;
  /** Told what a start is busy with when that may take seconds. */
  readonly onStep: (text: string) => void;
}

export interface Product {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Answers what is under way, then stops everything; accepted plays and receipts are on disk. */
  close(): Promise<void>;
}

interface Parts {
  readonly config: ServeConfig;
  readonly store: Store;
  readonly broker: InProcessBroker;
  readonly models: ModelDirectory;
  readonly served: ServedParts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly closers: Closers;
}

/** Resolves when everything is warm and the port is open. */
export async function serve(config: ServeConfig, options: ServeOptions): Promise<Product> {
  const closers = new Closers();
  try {
    const page = options.withPage
      ? await ensurePageBuilt(() => options.onStep("Building the page ..."))
      : undefined;
    const parts = await openParts(config, options, closers);
    closers.add(startLogRetention(parts.store, parts.logger, now));
    const { logger } = parts;
    closers.add(
      startPlayRetention({ ...parts.store, logger, now, days: config.playsRetentionDays }),
    );
    const search = await openSearch(parts);
    const trending = await createTrendingList({ ...parts.store, logger: parts.logger, now });
    closers.add(() => trending.close());
    await startPipeline(parts, () => trending.songs());
    await startAnalytics(parts);
    const { api, address } = await startApi(parts, search, trending, page);
    closers.add(() => api.close());
    return { address, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

const now = createWallClock();

async function openParts(
  config: ServeConfig,
  { onStep }: ServeOptions,
  closers: Closers,
): Promise<Parts> {
  closers.add(lockDataFolder(config.dataDir));
  const logger = createLogger({
    name: "segue",
    level: config.logLevel,
    destination: process.stderr,
  });
  logger.info({ config }, "config.effective");
  const store = await openConfiguredStore(config);
  closers.add(() => store.close());
  await provision(store, onStep, config.demoPlays === "on" ? { playsUntil: today() } : {});
  const models = await loadModelDirectory(store.models);
  const served = await openServedParts(store.models, config, {
    now,
    onWorkerLost: (error) => logger.error({ err: error }, "worker.lost"),
  });
  const broker = createInProcessBroker({ durableLog: store.log, now, logger });
  const metrics = createMetrics({ process: true });
  return { config, store, broker, models, served, logger, metrics, closers };
}

/** The made-up listeners live in the zone of this machine. */
function today(): { nowMs: number; utcOffsetMs: number } {
  const nowMs = Math.floor(now());
  return { nowMs, utcOffsetMs: -new Date(nowMs).getTimezoneOffset() * 60_000 };
}

/** Two products on one folder would each take what is in memory for the truth. Returns how to unlock. */
function lockDataFolder(dataDir: string): () => void {
  const { lockFile } = dataFolder(dataDir);
  const lock = takeFolderLock(lockFile);
  if (lock !== undefined) return () => lock.release();
  throw new AppError(
    "CONFIG_INVALID",
    `Another \`segue serve\` uses the data folder ${dirname(lockFile)}: ask that one (--url ADDRESS), stop it, or set SEGUE_DATA_DIR to another folder.`,
  );
}

async function openSearch({ config, store, logger, closers }: Parts): Promise<CatalogueSearch> {
  const search = await createSearchWorker({
    source: store.songs,
    directory: dataFolder(config.dataDir).searchFolder,
    onEvent: ({ name, ...fields }) =>
      logger[name === "search.failed" ? "error" : "info"](fields, name),
  });
  closers.add(() => search.close());
  return search;
}

async function startPipeline(
  parts: Parts,
  trending: Parameters<typeof createDispatcher>[0]["trending"],
): Promise<void> {
  const { config, models, served, metrics, closers } = parts;
  const cut = { stageCount: stageCountOf(config.stages), shardCount: config.shards };
  await connect(parts, "topics").ensureTopics(pipelineTopics(cut));
  for (const part of served.parts) {
    for (let index = 1; index <= config.replicas; index++)
      await startComputeNode(parts, part, index);
  }
  const replica = "dispatcher-1";
  const dispatcher = await createDispatcher({
    bus: connect(parts, replica),
    models,
    trending,
    replica,
    instance: 1,
    logger: parts.logger.child({ replica }),
    metrics,
    now,
    options: dispatcherOptionsFor(config),
  });
  closers.add(() => dispatcher.close());
}

async function startComputeNode(parts: Parts, part: ModelPart, index: number): Promise<void> {
  const replica = replicaNameOf(computePlaceOf(part), index);
  const node = await createComputeNode({
    bus: connect(parts, replica),
    part,
    replica,
    loadPools: () => parts.served.startPools(part),
    logger: parts.logger.child({ replica }),
    metrics: parts.metrics,
    now,
  });
  parts.closers.add(() => node.close());
}

async function startAnalytics({ config, logger, metrics, closers }: Parts): Promise<void> {
  if (config.grpcPorts.length === 0) return;
  const analytics = await startAnalyticsThread({
    logger: logger.child({ replica: "analytics-1" }),
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
}

const MIB = 1024 * 1024;

async function startApi(
  parts: Parts,
  search: CatalogueSearch,
  trending: Awaited<ReturnType<typeof createTrendingList>>,
  webFolder: string | undefined,
): Promise<{ api: Api; address: string }> {
  const { config, store, models, metrics } = parts;
  const replica = "api-1";
  const api = await createApi({
    ...store,
    users: store,
    bus: connect(parts, replica),
    search,
    models,
    trending,
    logger: parts.logger.child({ replica }),
    metrics,
    now,
    replica,
    instance: 1,
    ...(webFolder === undefined ? {} : { webFolder }),
    version: PRODUCT_VERSION,
    options: { ...config, host: config.httpHost, port: config.httpPort },
  });
  try {
    return { api, address: await api.listen() };
  } catch (error) {
    await api.close();
    throw error;
  }
}

function connect({ broker, closers }: Pick<Parts, "broker" | "closers">, name: string): Bus {
  const bus = broker.connect(name);
  closers.add(() => bus.close());
  return bus;
}
