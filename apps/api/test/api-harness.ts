/**
 * A running API for tests. Real: the HTTP server on loopback, the bus, the SQLite store, the search
 * index. Played by the test: the dispatcher, as a responder on the bus.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInProcessBroker, type InProcessBus, startHeartbeats } from "@segue/bus";
import {
  create,
  fromBinary,
  type MessageInitShape,
  pipelineTopics,
  RecommendReplySchema,
  type RecommendRequest,
  RecommendRequestSchema,
  TOPICS,
  toBinary,
} from "@segue/contracts";
import type { CatalogueSong, ModelVocabulary } from "@segue/domain";
import { type CatalogueSearch, createSearchWorker, type SongSource } from "@segue/search";
import { createTrendingList, openStore, type Store } from "@segue/store";
import { createLogger, createMetrics } from "@segue/telemetry";
import { onTestFinished } from "vitest";
import {
  type Api,
  type ApiOptions,
  createApi,
  type ListeningArchive,
  type PlayArchive,
  type ReceiptArchive,
  type SongCatalogue,
  type SongSearch,
  type UserArchive,
} from "../src/index.ts";

/** What the responder answers a request with; undefined: nothing, as a lost dispatcher would. */
export type Responder = (
  request: RecommendRequest,
) => MessageInitShape<typeof RecommendReplySchema> | undefined;

export interface HarnessOptions {
  /** Default: the first songs of the catalogue that were not picked. Null: no dispatcher at all. */
  readonly responder?: Responder | null;
  readonly vocabulary?: ModelVocabulary;
  readonly options?: Partial<ApiOptions>;
  readonly webFolder?: string;
  /** Starts the search index with the API, as the product does; most tests need none. */
  readonly withIndex?: boolean;
  /** Default: a SQLite file of its own. */
  readonly openDatabase?: () => Promise<Store>;
}

/** One API server and ways to call it. */
export interface ApiServerHarness {
  readonly address: string;
  readonly port: number;
  readonly api: Api;
  /** Its own connection; killing it is the bus going away. */
  readonly bus: InProcessBus;
  call(path: string, init?: RequestInit): Promise<Answered>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
}

export interface ApiHarness extends ApiServerHarness {
  /** Another server over the same bus and database. */
  startAnother(): Promise<ApiServerHarness>;
  /** The database that is there now. */
  readonly store: Store;
  /** Takes the database away, while the bus stays with its durable log; and brings it back. */
  closeDatabase(): Promise<void>;
  reopenDatabase(): Promise<void>;
  /** What the bus keeps of its durable topics. */
  readonly log: Store["log"];
  readonly songs: readonly CatalogueSong[];
  /** The requests that reached the dispatcher. */
  readonly asked: readonly RecommendRequest[];
  readonly logLines: readonly string[];
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const SONG_COUNT = 60;

/** Sixty songs by twenty artists. */
export const CATALOGUE: readonly CatalogueSong[] = Array.from(
  { length: SONG_COUNT },
  (_, index) => ({
    id: `song-${index}`,
    title: index === 0 ? "Dancing Queen" : `Title ${index}`,
    artist: index === 0 ? "ABBA" : `Artist ${index % 20}`,
    album: null,
    year: 1976,
    genre: "Pop",
    seconds: 200,
    versionGroup: `song-${index}`,
    popularity: SONG_COUNT - index,
  }),
);
export const FIVE = ["song-1", "song-2", "song-3", "song-4", "song-5"];

/** Everything is closed when the test is over. */
export async function startApi(options: HarnessOptions = {}): Promise<ApiHarness> {
  const folder = await mkdtemp(join(tmpdir(), "segue-api-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const open = options.openDatabase ?? (() => openStore({ path: join(folder, "segue.db") }));
  let store = await open();
  onTestFinished(() => store.close());
  await store.songs.upsertSongs(CATALOGUE);
  const archives = archivesOf(() => store);
  const search = options.withIndex
    ? await startSearch(() => store, join(folder, "search"))
    : searchWhenAsked(() => store, join(folder, "search"));
  const busStore = await openStore({ path: join(folder, "bus.db") });
  onTestFinished(() => busStore.close());
  const now = () => performance.timeOrigin + performance.now();
  const broker = createInProcessBroker({ durableLog: busStore.log });
  const topics = pipelineTopics({ stageCount: 3, shardCount: 1 });
  await broker.connect("topics").ensureTopics(topics);
  const asked: RecommendRequest[] = [];
  if (options.responder !== null) {
    await startResponder(broker.connect("dispatcher"), options.responder ?? firstSongs, asked);
  }
  const logLines: string[] = [];
  const destination = { write: (line: string) => void logLines.push(line) };
  const logger = createLogger({ name: "api-1", level: "info", destination });
  const trending = await createTrendingList({ ...archives, logger, now });
  onTestFinished(() => trending.close());
  const { vocabulary, webFolder } = options;
  const startServer = async (instance: number): Promise<ApiServerHarness> => {
    const replica = `api-${instance}`;
    const bus = broker.connect(replica);
    onTestFinished(() => bus.close());
    const api = await createApi({
      ...archives,
      bus,
      search,
      trending,
      logger,
      now,
      models: {
        currentVersion: () => vocabulary?.modelVersion,
        vocabularyFor: (version) => (version === vocabulary?.modelVersion ? vocabulary : undefined),
      },
      metrics: createMetrics({ process: false }),
      replica,
      instance,
      version: "0.1.0",
      ...(webFolder === undefined ? {} : { webFolder }),
      options: {
        host: "127.0.0.1",
        port: 0,
        allowedHosts: [],
        rateLimitPerMinute: 1_000_000,
        requestDeadlineMs: 6_000,
        ...options.options,
      },
    });
    onTestFinished(() => api.close());
    return { api, bus, ...callerOf(await api.listen()) };
  };
  const server = await startServer(1);
  return {
    ...server,
    startAnother: () => startServer(2),
    get store() {
      return store;
    },
    closeDatabase: () => store.close(),
    reopenDatabase: async () => {
      store = await open();
    },
    log: busStore.log,
    songs: CATALOGUE,
    asked,
    logLines,
  };
}

function callerOf(address: string): Omit<ApiServerHarness, "api" | "bus"> {
  const call = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const response = await fetch(new URL(path, address), init);
    return { status: response.status, headers: response.headers, body: await jsonOf(response) };
  };
  return {
    address,
    port: Number(new URL(address).port),
    call,
    post: (path, body, headers = {}) =>
      call(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** Answers as a dispatcher that reached every stage. */
export function firstSongs(
  request: RecommendRequest,
): MessageInitShape<typeof RecommendReplySchema> {
  const answered = CATALOGUE.filter(({ id }) => !request.songIds.includes(id));
  const [first = ""] = request.songIds;
  return {
    songs: answered.slice(0, request.limit).map(({ id }, index) => ({
      songId: id,
      score: 1 - index / 100,
      because: [{ songId: first, weight: 0.5 }],
    })),
    receipt: {
      requestId: request.requestId,
      modelVersion: request.modelVersion || "v1",
      level: "full",
      attempts: 1,
      totalMs: 5,
      createdAtMs: Date.now(),
      hops: [
        { role: "dispatcher", replica: "dispatcher-1", startedAtMs: Date.now() },
        { role: "compute", stage: 1, layerFirst: 1, layerLast: 2, replica: "compute-1" },
      ],
      songIds: request.songIds,
      historySongIds: request.historySongIds,
      user: request.user,
      limit: request.limit,
      songsPerArtistMax: request.songsPerArtistMax,
    },
  };
}

async function startResponder(
  bus: InProcessBus,
  responder: Responder,
  asked: RecommendRequest[],
): Promise<void> {
  const startedAtMs = Date.now();
  const heartbeats = startHeartbeats({
    bus,
    replica: "dispatcher-1",
    describe: () => ({
      role: "dispatcher",
      topic: TOPICS.requests,
      ownedPartitions: [0, 1, 2],
      ready: true,
      startedAtMs,
    }),
    now: Date.now,
    onError: () => {},
  });
  onTestFinished(async () => {
    await heartbeats.close();
    await bus.close();
  });
  await bus.subscribe({
    group: "dispatchers",
    topics: [TOPICS.requests],
    concurrency: 64,
    handler: async (record) => {
      const request = fromBinary(RecommendRequestSchema, record.value);
      asked.push(request);
      const reply = responder(request);
      const { requestId, replyTo } = request;
      if (reply === undefined || replyTo === undefined) return;
      const message = create(RecommendReplySchema, { requestId, ...reply });
      const value = toBinary(RecommendReplySchema, message);
      await bus.publish(replyTo.topic, { key: requestId, value, partition: replyTo.partition });
    },
  });
}

/** Calls go to the database that is there now. */
function archivesOf(store: () => Store): {
  songs: SongCatalogue;
  plays: PlayArchive;
  listening: ListeningArchive & Pick<Store["listening"], "topSongs">;
  receipts: ReceiptArchive;
  users: UserArchive;
} {
  return {
    songs: {
      songsByIds: (ids) => store().songs.songsByIds(ids),
      idsByName: (nameKeys) => store().songs.idsByName(nameKeys),
      mostPopular: (limit) => store().songs.mostPopular(limit),
    },
    users: {
      eraseUser: (user, place) => store().eraseUser(user, place),
      eraseReceiptsOf: (user, place) => store().eraseReceiptsOf(user, place),
    },
    plays: {
      appendPlays: (plays) => store().plays.appendPlays(plays),
      deletePlay: (user, key) => store().plays.deletePlay(user, key),
      findPlay: (user, key) => store().plays.findPlay(user, key),
      lastPlays: (user, sinceMs, limit) => store().plays.lastPlays(user, sinceMs, limit),
    },
    listening: {
      readListening: (question) => store().listening.readListening(question),
      readPart: (question, part) => store().listening.readPart(question, part),
      topSongs: (range, limit) => store().listening.topSongs(range, limit),
      firstSong: (user, range) => store().listening.firstSong(user, range),
      listeners: (options) => store().listening.listeners(options),
      listenerCount: () => store().listening.listenerCount(),
      playRevision: () => store().listening.playRevision(),
      listenerRevision: (user) => store().listening.listenerRevision(user),
    },
    receipts: {
      putReceipts: (receipts) => store().receipts.putReceipts(receipts),
      findReceipt: (requestId) => store().receipts.findReceipt(requestId),
      deleteReceiptsBefore: (timeMs, limit) => store().receipts.deleteReceiptsBefore(timeMs, limit),
    },
  };
}

async function startSearch(store: () => Store, directory: string): Promise<CatalogueSearch> {
  await mkdir(directory);
  const source: SongSource = {
    currentRevision: () => store().songs.currentRevision(),
    songCount: () => store().songs.songCount(),
    iterateSongs: () => store().songs.iterateSongs(),
    changedSince: (revision) => store().songs.changedSince(revision),
  };
  const search = await createSearchWorker({ source, directory });
  onTestFinished(() => search.close());
  return search;
}

/** Most tests search nothing, and the index takes longer to start than all the rest. */
function searchWhenAsked(store: () => Store, directory: string): SongSearch {
  let starting: Promise<CatalogueSearch> | undefined;
  return {
    songsByIds: () => new Map(),
    isReady: () => true,
    search: async (text, limit, options) => {
      starting ??= startSearch(store, directory);
      return (await starting).search(text, limit, options);
    },
  };
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  if (!isJson || text === "") return { text };
  return JSON.parse(text) as Record<string, unknown>;
}
