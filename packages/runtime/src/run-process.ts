/**
 * The life of one process of a cluster: wait for what it needs and say for what, start, announce the
 * address, serve until SIGTERM or Ctrl-C, finish what is under way, leave.
 */
import type { Bus } from "@segue/bus";
import type { AppError } from "@segue/errors";
import type { Store } from "@segue/store";
import { createLogger, createMetrics, type Logger, type Metrics } from "@segue/telemetry";
import { awaitService } from "./await-service.ts";
import type { Closers } from "./closers.ts";
import { type BusSettings, connectConfiguredBus } from "./connect-configured-bus.ts";
import { openConfiguredStore, type StoreSettings } from "./open-configured-store.ts";
import { startOperationsServer } from "./operations-server.ts";
import { serveUntilStopped } from "./serve-until-stopped.ts";
import { createWallClock } from "./wall-clock.ts";

export type ProcessSettings = StoreSettings &
  BusSettings & {
    readonly logLevel: Parameters<typeof createLogger>[0]["level"];
    /** Absent in a process whose own port answers these. */
    readonly operationsHost?: string;
    readonly operationsPort?: number;
  };

export interface ProcessDescription {
  /** Its name in heartbeats, receipts and logs. */
  readonly replica: string;
  readonly settings: ProcessSettings;
}

/** What a process is built from. */
export interface ProcessParts {
  readonly bus: Bus;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unix time in milliseconds, with fractions. */
  readonly now: () => number;
  /** Of /healthz, /readyz and /metrics; empty where the process's own port answers them. */
  readonly operationsAddress: string;
  /** Opens the store, and waits for its server. */
  openStore(): Promise<Store>;
  /** Tries until it succeeds or an error comes that waiting does not mend. */
  waitFor<Result>(open: () => Promise<Result>): Promise<Result>;
  /** Closed behind the app, last added first. */
  readonly closers: Closers;
}

/** What runs in the process. */
export interface RunningApp {
  /** Where it answers, for who started it. */
  readonly address: string;
  isReady(): boolean;
  /** Finishes what is under way. */
  close(): Promise<void>;
}

/**
 * Resolves when the process has served and has left in order. Rejects when it cannot start: with
 * CANCELLED when it was told to stop before.
 */
export async function runProcess(
  description: ProcessDescription,
  start: (parts: ProcessParts) => Promise<RunningApp>,
): Promise<void> {
  await serveUntilStopped(async (closers, stopSignal) => {
    const app = await startApp(description, closers, stopSignal, start);
    return { replica: description.replica, address: app.address };
  });
}

async function startApp(
  { replica, settings }: ProcessDescription,
  closers: Closers,
  signal: AbortSignal,
  start: (parts: ProcessParts) => Promise<RunningApp>,
): Promise<RunningApp> {
  const logger = createLogger({
    name: replica,
    level: settings.logLevel,
    destination: process.stderr,
  });
  logger.info({ config: settings }, "config.effective");
  const metrics = createMetrics({ process: true });
  const now = createWallClock();
  const state = { app: undefined as RunningApp | undefined, waitsFor: "it starts" };
  const waitFor = <Result>(open: () => Promise<Result>): Promise<Result> =>
    awaitService(open, {
      signal,
      onWaiting: (reason: AppError) => {
        state.waitsFor = reason.message;
        logger.warn({ code: reason.code, err: reason }, "process.waiting");
        process.stderr.write(`${replica} waits: [${reason.code}] ${reason.message}\n`);
      },
    });
  const operationsAddress = await startOperations(settings, closers, metrics, () => {
    if (signal.aborted) return "it stops";
    return state.app?.isReady() === true ? undefined : state.waitsFor;
  });
  const bus = await waitFor(() => connectConfiguredBus(settings, { replica, logger, now }));
  closers.add(() => bus.close());
  const openStore = async (): Promise<Store> => {
    const store = await waitFor(() => openConfiguredStore(settings));
    closers.add(() => store.close());
    return store;
  };
  state.app = await start({
    bus,
    logger,
    metrics,
    now,
    operationsAddress,
    openStore,
    waitFor,
    closers,
  });
  const { app } = state;
  closers.add(() => app.close());
  logger.info({ address: app.address, operationsAddress }, "process.ready");
  return app;
}

async function startOperations(
  { operationsHost, operationsPort }: ProcessSettings,
  closers: Closers,
  metrics: Metrics,
  whyNotReady: () => string | undefined,
): Promise<string> {
  if (operationsHost === undefined || operationsPort === undefined) return "";
  const server = await startOperationsServer({
    host: operationsHost,
    port: operationsPort,
    whyNotReady,
    metrics,
  });
  closers.add(() => server.close());
  return server.address;
}
