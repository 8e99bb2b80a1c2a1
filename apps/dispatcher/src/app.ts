/**
 * A dispatcher: takes requests from their group, lets the core decide, and does what it decides.
 * Partials come to partitions of its own, so no rebalance stands between a result and its request.
 */
import {
  type Bus,
  type BusRecord,
  type HeartbeatFields,
  type Heartbeats,
  lifeLeftMs,
  type ProcessAbout,
  readHeartbeats,
  type Subscription,
  startHeartbeats,
} from "@segue/bus";
import { HEADERS, type Heartbeat, partitionsOf, TOPICS } from "@segue/contracts";
import {
  type Breaker,
  DISPATCHER_DEFAULTS,
  DispatcherCore,
  type DispatcherEffect,
  type DispatcherEvent,
  type DispatcherNote,
  type DispatcherOptions,
  type ModelDirectory,
  type TrendingSong,
} from "@segue/domain";
import type { Logger, Metrics } from "@segue/telemetry";
import { Outbox } from "./outbox.ts";
import { decodePartial, decodeRequest } from "./pipeline-codec.ts";

export type DispatcherLogger = Pick<Logger, "info" | "warn" | "error">;
export type DispatcherMetrics = Pick<
  Metrics,
  "observeQueueWait" | "setQueueDepth" | "countAttempt" | "setBreaker" | "forgetBreaker"
>;

export interface DispatcherDependencies {
  readonly bus: Bus;
  readonly models: ModelDirectory;
  /** What is played most, most played first. */
  readonly trending: () => readonly TrendingSong[];
  /** Its name in receipts and heartbeats; unique among living processes. */
  readonly replica: string;
  readonly about?: ProcessAbout;
  /** Its ordinal among the dispatchers, from 1; no two living ones may share it. */
  readonly instance: number;
  readonly logger: DispatcherLogger;
  readonly metrics: DispatcherMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly options?: DispatcherOptions;
  /** Requests of one partition in work at the same time. Default 64. */
  readonly concurrency?: number;
  readonly heartbeatIntervalMs?: number;
  /** Between saying that it drains and leaving, so that API servers choose others. Default 400. */
  readonly drainMs?: number;
}

export interface Dispatcher {
  readonly replica: string;
  /** Knows the replicas and takes requests. */
  isReady(): boolean;
  /** Takes no more requests, answers those it has, says farewell. */
  close(): Promise<void>;
}

/** Resolves when the dispatcher takes requests. */
export async function createDispatcher(dependencies: DispatcherDependencies): Promise<Dispatcher> {
  const dispatcher = new BusDispatcher(dependencies);
  await dispatcher.start();
  return dispatcher;
}

const CONCURRENCY = 64;
const DRAIN_MS = 400;
const GROUP = "dispatchers";
/** Of a request that does not say how long somebody waits. */
const LIFE_MS_MAX = 60_000;

class BusDispatcher implements Dispatcher {
  readonly replica: string;
  readonly #dependencies: DispatcherDependencies;
  readonly #options: DispatcherOptions;
  readonly #core: DispatcherCore;
  readonly #startedAtMs: number;
  readonly #outbox: Outbox;
  #subscriptions: Subscription[] = [];
  #requests: Subscription | undefined;
  #owned: readonly number[] = [];
  #heartbeats: Heartbeats | undefined;
  #ticks: NodeJS.Timeout | undefined;
  #exportedBreakers: ReadonlySet<string> = new Set();
  #isDraining = false;

  constructor(dependencies: DispatcherDependencies) {
    const { bus, replica, models, trending, now, instance, logger } = dependencies;
    this.replica = replica;
    this.#dependencies = dependencies;
    this.#options = dependencies.options ?? DISPATCHER_DEFAULTS;
    this.#core = new DispatcherCore({
      replica,
      models,
      trending,
      partialsTo: partitionsOf(instance).map((partition) => {
        return { topic: TOPICS.partials, partition };
      }),
      leaderOf: ({ topic, partition }) => bus.leaderOf(topic, partition),
      now,
      options: this.#options,
    });
    this.#outbox = new Outbox({ bus, logger, now, onUnsent: (event) => this.#handle(event) });
    this.#startedAtMs = now();
  }

  async start(): Promise<void> {
    const { bus, logger, now, about, instance } = this.#dependencies;
    this.#ticks = setInterval(() => this.#handle({ kind: "tick" }), this.#options.tickMs);
    this.#subscriptions.push(
      await readHeartbeats({
        bus,
        onHeartbeat: (heartbeat, isHistory) => this.#onHeartbeat(heartbeat, isHistory),
        onFarewell: (leaving) => this.#handle({ kind: "farewell", replica: leaving }),
      }),
      await bus.read({
        topic: TOPICS.partials,
        partitions: partitionsOf(instance),
        from: "latest",
        handler: (record) => this.#onPartial(record),
      }),
    );
    this.#requests = await bus.subscribe({
      group: GROUP,
      topics: [TOPICS.requests],
      concurrency: this.#dependencies.concurrency ?? CONCURRENCY,
      handler: (record) => this.#onRequest(record),
      onOwnership: ({ owned }) => {
        this.#owned = owned;
        void this.#heartbeats?.beat();
      },
    });
    this.#heartbeats = startHeartbeats({
      bus,
      replica: this.replica,
      ...(about === undefined ? {} : { about }),
      describe: () => this.#describe(),
      now,
      intervalMs: this.#dependencies.heartbeatIntervalMs ?? 200,
      onError: (error) => logger.warn({ replica: this.replica, error }, "heartbeat.failed"),
    });
    logger.info({ replica: this.replica, instance, owned: this.#owned }, "dispatcher.ready");
  }

  isReady(): boolean {
    return this.#requests !== undefined && !this.#isDraining;
  }

  async close(): Promise<void> {
    if (this.#isDraining) return;
    const wasReady = this.isReady();
    this.#isDraining = true;
    // Not awaited: a bus that is away must not hold up the end.
    void this.#heartbeats?.beat();
    if (wasReady) await this.#awaitRequestsOnTheirWay();
    // Waits for the handlers under way, and those wait for their replies.
    await this.#requests?.close();
    clearInterval(this.#ticks);
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close()));
    await this.#heartbeats?.close();
    this.#dependencies.logger.info({ replica: this.replica }, "dispatcher.closed");
  }

  async #awaitRequestsOnTheirWay(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, this.#dependencies.drainMs ?? DRAIN_MS);
    await promise;
  }

  #describe(): HeartbeatFields {
    const breakers = [...this.#core.breakers()].map(([replica, { state, failures }]) => ({
      replica,
      state,
      failures,
    }));
    this.#exportMetrics(breakers);
    return {
      role: "dispatcher",
      topic: TOPICS.requests,
      ownedPartitions: [...this.#owned],
      inFlight: this.#core.liveCount,
      ready: this.isReady(),
      draining: this.#isDraining,
      startedAtMs: this.#startedAtMs,
      breakers,
    };
  }

  #exportMetrics(breakers: readonly { replica: string; state: Breaker["state"] }[]): void {
    const { metrics } = this.#dependencies;
    metrics.setQueueDepth(this.replica, this.#core.liveCount);
    const known = new Set(breakers.map(({ replica }) => replica));
    for (const replica of this.#exportedBreakers) {
      if (!known.has(replica)) metrics.forgetBreaker(replica);
    }
    for (const { replica, state } of breakers) metrics.setBreaker(replica, state);
    this.#exportedBreakers = known;
  }

  /** Resolves when the reply is on the bus: only then is the request's offset committed. */
  async #onRequest(record: BusRecord): Promise<void> {
    const { now, metrics } = this.#dependencies;
    const nowMs = now();
    const lifeMs = Math.min(lifeLeftMs(record, nowMs), LIFE_MS_MAX);
    const request = decodeRequest(record.value, nowMs + lifeMs);
    metrics.observeQueueWait("dispatcher", Math.max(0, nowMs - record.timestampMs) / 1_000);
    const traceparent = record.headers[HEADERS.traceparent];
    const replied = this.#outbox.expectReply(request.requestId, traceparent);
    this.#handle({ kind: "request", request, publishedAtMs: record.timestampMs });
    await replied;
  }

  async #onPartial(record: BusRecord): Promise<void> {
    this.#handle({ kind: "partial", partial: decodePartial(record.value) });
    await Promise.resolve();
  }

  /** Whoever is heard, this dispatcher among them, shows that the bus carries heartbeats. */
  #onHeartbeat(heartbeat: Heartbeat, isHistory: boolean): void {
    if (heartbeat.role === "compute") this.#handle({ kind: "heartbeat", heartbeat, isHistory });
    else if (!isHistory) this.#handle({ kind: "bus-heard" });
  }

  #handle(event: DispatcherEvent): void {
    for (const effect of this.#core.handle(event)) this.#perform(effect);
  }

  #perform(effect: DispatcherEffect): void {
    switch (effect.kind) {
      case "task":
        void this.#outbox.sendTask(effect);
        break;
      case "reply":
        void this.#outbox.sendReply(effect);
        break;
      case "note":
        this.#write(effect.note);
        break;
    }
  }

  #write(note: DispatcherNote): void {
    const { event, requestId, fields } = note;
    const outcome = ATTEMPT_OUTCOMES[event];
    if (outcome !== undefined) this.#dependencies.metrics.countAttempt(outcome);
    const line = { requestId, replica: this.replica, ...fields };
    if (event === "request.failed") this.#dependencies.logger.error(line, event);
    else if (QUIET_EVENTS.has(event)) this.#dependencies.logger.info(line, event);
    else this.#dependencies.logger.warn(line, event);
  }
}

/** Events that end an attempt. */
const ATTEMPT_OUTCOMES: Readonly<
  Partial<Record<DispatcherNote["event"], "answered" | "failed" | "timed-out">>
> = {
  "request.answered": "answered",
  "request.widened": "answered",
  "attempt.failed": "failed",
  "attempt.unsent": "failed",
  "attempt.timeout": "timed-out",
};

/** What happens in the course of things; the others point at something to look at. */
const QUIET_EVENTS: ReadonlySet<DispatcherNote["event"]> = new Set([
  "request.answered",
  "request.repeated",
  "request.widened",
  "partial.unwanted",
]);
