/** The API server: validates, publishes, awaits, answers. No model code runs here. */
import { setTimeout } from "node:timers/promises";
import { type Bus, type HeartbeatFields, type Heartbeats, startHeartbeats } from "@segue/bus";
import { AppError, toAppError } from "@segue/errors";
import type { TrendingList } from "@segue/store";
import type { Logger, Metrics } from "@segue/telemetry";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { startPlaysConsumer } from "./consumers/plays-consumer.ts";
import { startReceiptsConsumer } from "./consumers/receipts-consumer.ts";
import { addApiDescription, addDocsPages } from "./http/api-docs.ts";
import { createHttpServer } from "./http/http-server.ts";
import { watchMethods } from "./http/method-answers.ts";
import { sendProblem } from "./http/problem-answers.ts";
import { addWebPage } from "./http/web-page.ts";
import { RecentPlays } from "./plays/recent-plays.ts";
import type {
  ListeningArchive,
  ModelDirectory,
  PlayArchive,
  ReceiptArchive,
  SongCatalogue,
  SongSearch,
  UserArchive,
} from "./ports.ts";
import { ProcessDirectory } from "./processes/process-directory.ts";
import { AnswerDesk } from "./recommendation/answer-desk.ts";
import { AnswerMemory } from "./recommendation/answer-memory.ts";
import { DispatcherCalls } from "./recommendation/dispatcher-calls.ts";
import { ReceiptOutbox } from "./recommendation/receipt-outbox.ts";
import { Recommender } from "./recommendation/recommender.ts";
import { ReplyInbox } from "./recommendation/reply-inbox.ts";
import { addLastPlaysRoute } from "./routes/last-plays-route.ts";
import { addPlayRoutes } from "./routes/play-routes.ts";
import { addRecommendationRoutes, historyReader } from "./routes/recommendation-routes.ts";
import { addSongRoutes } from "./routes/song-routes.ts";
import { addUserRoutes } from "./routes/user-routes.ts";
import { ListeningEvents } from "./statistics/listening-events.ts";
import { StatisticsDesk } from "./statistics/statistics-desk.ts";
import { addStatisticsRoutes } from "./statistics/statistics-routes.ts";
import { createLocalFirstSongs, type LocalFirstSongs } from "./store-access/local-first-songs.ts";
import { StoreAccess } from "./store-access/store-access.ts";
import { BusReading } from "./system/bus-reading.ts";
import { createClusterControl } from "./system/cluster-control.ts";
import { addProbeRoutes } from "./system/probe-routes.ts";
import { Readiness } from "./system/readiness.ts";
import { RecentRequests } from "./system/recent-requests.ts";
import { addSystemRoutes } from "./system/system-routes.ts";

export interface ApiDependencies {
  /** With every topic of `pipelineTopics` created. */
  readonly bus: Bus;
  readonly songs: SongCatalogue;
  readonly search: SongSearch;
  readonly plays: PlayArchive;
  readonly listening: ListeningArchive;
  readonly receipts: ReceiptArchive;
  readonly users: UserArchive;
  readonly models: ModelDirectory;
  readonly trending: TrendingList;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unix time in milliseconds, with fractions where the clock has them. */
  readonly now: () => number;
  /** Its name in receipts and heartbeats; unique among living processes. */
  readonly replica: string;
  /** Its ordinal among the API servers, from 1; no two living ones may share it. */
  readonly instance: number;
  /** Folder of the built page; without one there is only the API. */
  readonly webFolder?: string;
  readonly version: string;
  readonly options: ApiOptions;
}

export interface ApiOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly rateLimitPerMinute: number;
  readonly requestDeadlineMs: number;
  readonly receiveTimeoutMs?: number;
  /**
   * Addresses or ranges, as in `10.0.0.0/8`, whose `X-Forwarded-For` is believed: the balancer's, so
   * that its callers have a rate limit each. Each process counts for itself. Default: none.
   */
  readonly trustedProxies?: readonly string[];
  /**
   * How long it serves on after it has said that it is not ready any more; behind a balancer longer
   * than that takes to notice. Default 250.
   */
  readonly drainMs?: number;
  /** Path of the unix socket of a local cluster's supervisor. */
  readonly clusterControl?: string;
}

export interface Api {
  /** Takes calls from now on; the address, as in `http://127.0.0.1:8080`. */
  listen(): Promise<string>;
  /** Is no longer ready, answers what it has begun, says farewell. */
  close(): Promise<void>;
}

/** The handler timeout leaves a recommendation its deadline and the rest a reasonable time. */
const HANDLING_MS = 4_000;

/**
 * Answers given while it drains tell their callers to open another connection: a question that
 * crosses the closing of an idle one would be lost.
 */
const DRAIN_MS = 250;

/** Resolves when everything but the port is open. */
export async function createApi(dependencies: ApiDependencies): Promise<Api> {
  const parts = await openParts(dependencies);
  const { readiness } = parts;
  let operationsAddress = "";
  const server = await createServer(dependencies, parts);
  const heartbeats = startApiHeartbeats(dependencies, () => ({
    ready: readiness.state().ready,
    draining: readiness.phase === "draining",
    inFlight: parts.memory.inFlightCount,
    operationsAddress,
  }));
  return {
    async listen() {
      const { host, port } = dependencies.options;
      const address = await listenOn(server, host, port);
      readiness.phase = "serving";
      operationsAddress = new URL(address).host;
      await heartbeats.beat();
      return address;
    },
    async close() {
      if (readiness.phase === "draining") return;
      readiness.phase = "draining";
      // Not awaited: a bus that is away must not hold up the end.
      void heartbeats.beat();
      await setTimeout(dependencies.options.drainMs ?? DRAIN_MS);
      await server.close();
      await parts.outbox.close();
      parts.access.close();
      await Promise.all(parts.open.map((part) => part.close()));
      await heartbeats.close();
    },
  };
}

interface Parts {
  readonly access: StoreAccess;
  readonly songs: LocalFirstSongs;
  readonly readiness: Readiness;
  readonly inbox: ReplyInbox;
  readonly directory: ProcessDirectory;
  readonly recentPlays: RecentPlays;
  readonly recentRequests: RecentRequests;
  readonly memory: AnswerMemory;
  readonly outbox: ReceiptOutbox;
  /** What must be closed. */
  readonly open: readonly { close(): Promise<void> }[];
}

async function openParts(dependencies: ApiDependencies): Promise<Parts> {
  const { bus, plays, songs, receipts, users, search, logger, now, instance } = dependencies;
  const access = new StoreAccess({ probe: () => receipts.findReceipt(""), logger });
  const inbox = await ReplyInbox.open({ bus, instance });
  const directory = await ProcessDirectory.open(bus, now);
  const recentPlays = await RecentPlays.open({
    bus,
    archive: { findPlay: (user, key) => access.need(() => plays.findPlay(user, key)) },
    waitMs: dependencies.options.requestDeadlineMs,
  });
  const memory = new AnswerMemory({ now });
  const onErasure = (user: string) => memory.forgetUser(user);
  const recentRequests = await RecentRequests.open({ bus, onErasure });
  const playsConsumer = await startPlaysConsumer({ bus, plays, users, songs, access });
  const receiptsConsumer = await startReceiptsConsumer({
    bus,
    receipts,
    users,
    access,
    logger,
    now,
  });
  return {
    access,
    songs: createLocalFirstSongs({ local: search, store: songs, access }),
    readiness: await Readiness.open({ bus, search, access }),
    inbox,
    directory,
    recentPlays,
    recentRequests,
    memory,
    outbox: new ReceiptOutbox({ bus, logger }),
    open: [playsConsumer, receiptsConsumer, recentRequests, recentPlays, directory, inbox],
  };
}

async function createServer(dependencies: ApiDependencies, parts: Parts): Promise<FastifyInstance> {
  const { options, logger, metrics, webFolder, trending, plays, now } = dependencies;
  const { access, songs, readiness } = parts;
  const limits = {
    ...options,
    // Who opens the port on one address may be called by it.
    allowedHosts: isWildcard(options.host)
      ? options.allowedHosts
      : [...options.allowedHosts, options.host],
    handlerTimeoutMs: options.requestDeadlineMs + HANDLING_MS,
  };
  const server = await createHttpServer(limits, { logger, metrics });
  server.addHook("onSend", async (_request, reply) => {
    if (readiness.phase !== "serving") void reply.header("connection", "close");
  });
  const refuseOtherMethods = watchMethods(server);
  await addApiDescription(server, dependencies.version);
  const recommender = new Recommender({
    ...dependencies,
    calls: new DispatcherCalls({ ...parts, bus: dependencies.bus, now }),
    trending: () => trending.songs(),
    requestDeadlineMs: options.requestDeadlineMs,
  });
  const desk = new AnswerDesk({
    ...parts,
    recommender,
    receipts: dependencies.receipts,
    historyOf: historyReader({ plays, access, now }),
    songs: songs.atHand,
  });
  const routes = server.withTypeProvider<ZodTypeProvider>();
  addSongRoutes(routes, { ...dependencies, songs: songs.known });
  addRecommendationRoutes(routes, { ...dependencies, songs, desk, recommender });
  const { recentPlays } = parts;
  addPlayRoutes(routes, { ...dependencies, songs: songs.known, recentPlays });
  addLastPlaysRoute(routes, { plays, access, songs: songs.atHand });
  addUserRoutes(routes, { ...dependencies, recentPlays });
  addStatisticsRoutes(routes, {
    ...dependencies,
    access,
    desk: new StatisticsDesk({ ...dependencies, access, songs: songs.atHand }),
    events: new ListeningEvents({ ...dependencies, access }),
  });
  const busReading = new BusReading(dependencies.bus, now);
  const { directory, recentRequests } = parts;
  const clusterControl =
    options.clusterControl === undefined ? undefined : createClusterControl(options.clusterControl);
  const system = { ...dependencies, busReading, directory, recentRequests, clusterControl };
  addSystemRoutes(routes, system);
  addProbeRoutes(routes, { ...dependencies, busReading, readiness });
  refuseOtherMethods();
  await addDocsPages(server);
  const page = webFolder === undefined ? undefined : await addWebPage(server, webFolder);
  server.setNotFoundHandler((request, reply) => {
    if (page?.answers(request, reply)) return;
    const path = JSON.stringify(request.url.slice(0, 200));
    const detail = `There is nothing at ${path}; /docs lists the calls`;
    void sendProblem(reply, { error: new AppError("ROUTE_UNKNOWN", detail) });
  });
  await server.ready();
  return server;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "";
}

function startApiHeartbeats(
  { bus, replica, now, logger, version }: ApiDependencies,
  describe: () => Pick<HeartbeatFields, "ready" | "draining" | "inFlight" | "operationsAddress">,
): Heartbeats {
  const startedAtMs = now();
  return startHeartbeats({
    bus,
    replica,
    now,
    describe: () => ({ role: "api", productVersion: version, startedAtMs, ...describe() }),
    onError: (error) => logger.warn({ err: toAppError(error) }, "heartbeat.failed"),
  });
}

/** CONFIG_INVALID when the port is taken. */
async function listenOn(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port, listenTextResolver: () => "http.listening" });
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `Cannot open port ${port} on ${host} (${toAppError(cause).message}); set SEGUE_HTTP_PORT to another, or to 0 for any free one`,
      { cause },
    );
  }
}
