/**
 * Dispatchers, compute nodes and askers on a network that loses, repeats, delays and reorders, by
 * a clock that jumps from event to event. Only the dispatchers' core is real. In one file, because
 * asker, dispatcher and compute node are the three ends of one conversation.
 */
import { answerDegraded } from "../../answer/degradation-ladder.ts";
import type { RecommendedSong, ServiceLevel } from "../../answer/recommendation.ts";
import type { DispatcherCore, DispatcherCoreDependencies } from "../../dispatch/dispatcher-core.ts";
import type { DispatcherEffect, DispatcherEvent } from "../../dispatch/dispatcher-events.ts";
import { DISPATCHER_DEFAULTS, type DispatcherOptions } from "../../dispatch/dispatcher-options.ts";
import type {
  Address,
  RecommendReply,
  ReplicaHeartbeat,
  ShardPartial,
  StageTask,
} from "../../dispatch/pipeline-messages.ts";
import { heartbeatOf, usualParts } from "../replicas.ts";
import { EventQueue } from "./event-queue.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SimulatedBrokers } from "./simulated-brokers.ts";
import { createToyNetwork, type ToyNetwork } from "./toy-network.ts";
import { WorldConditions } from "./world-conditions.ts";
import {
  dispatcherName,
  type Fault,
  PARTITIONS,
  type PlannedRequest,
  replicaName,
  type WorldPlan,
} from "./world-plan.ts";

export type Core = Pick<DispatcherCore, "handle" | "liveCount" | "answeredCount" | "breakers">;
export type CreateCore = (dependencies: DispatcherCoreDependencies) => Core;

/** What an asker got, from a dispatcher or, when none answered in time, from its own ladder. */
export interface Settled {
  readonly atMs: number;
  readonly level: ServiceLevel | "failure";
  readonly reason: string;
  readonly songs: readonly RecommendedSong[];
  readonly isFromDispatcher: boolean;
}

/** One dispatcher's dealing with one request, until it died. */
export interface Handling {
  readonly dispatcher: string;
  readonly request: PlannedRequest;
  readonly receivedAtMs: number;
  readonly replies: { readonly atMs: number; readonly reply: RecommendReply }[];
  /** How far the dispatcher's clock is ahead. */
  readonly clockOffsetMs: number;
  diedAtMs: number;
}

export interface WorldReport {
  readonly settled: ReadonlyMap<string, readonly Settled[]>;
  readonly handlings: readonly Handling[];
  /** Requests and answers that the dispatchers still hold long after the last deadline. */
  readonly heldAtEnd: number;
  /** Replicas whose breaker was open at some time. */
  readonly mistrusted: ReadonlySet<string>;
}

const HEARTBEAT_MS = 200;
const TICK_MS = 50;
/** The asker's own ladder answers so long before its deadline. */
const ASKER_MARGIN_MS = 50;
/** An asker without an answer asks again after so long, at most so often. */
const ASK_AGAIN_MS = 1_500;
const ASKS_MAX = 4;
/** The bus delivers a record again so long after its handler failed. */
const REDELIVERY_MS = 100;
/** So long after a death the group gives the dead member's partitions to the living. */
const SESSION_TIMEOUT_MS = 1_500;
const ANSWERS_WINDOW_MS = 20_000;

const OPTIONS: DispatcherOptions = {
  ...DISPATCHER_DEFAULTS,
  tickMs: TICK_MS,
  answersWindowMs: ANSWERS_WINDOW_MS,
  // Few, so that small catalogues make the core ask again.
  candidateCountFor: (limit) => Math.max(6, limit),
};

const TOPIC_REQUESTS = "rec.requests.v1";

type EffectOf<Kind extends DispatcherEffect["kind"]> = Extract<DispatcherEffect, { kind: Kind }>;

interface Replica {
  readonly name: string;
  readonly facts: Partial<ReplicaHeartbeat>;
  readonly ownedPartitions: readonly number[];
  startedAtMs: number;
  lastHeartbeat: ReplicaHeartbeat | undefined;
}

interface Dispatcher {
  readonly name: string;
  readonly index: number;
  core: Core;
  handlings: Map<string, Handling>;
}

export class SimulatedWorld {
  readonly network: ToyNetwork;
  readonly #plan: WorldPlan;
  readonly #random: SeededRandom;
  readonly #queue = new EventQueue();
  readonly #conditions: WorldConditions;
  readonly #brokers: SimulatedBrokers;
  readonly #createCore: CreateCore;
  readonly #replicas: readonly Replica[];
  readonly #dispatchers: readonly Dispatcher[];
  readonly #settled = new Map<string, Settled[]>();
  readonly #handlings: Handling[] = [];
  readonly #mistrusted = new Set<string>();
  readonly #endMs: number;

  constructor(plan: WorldPlan, createCore: CreateCore) {
    this.#plan = plan;
    this.#createCore = createCore;
    this.#random = new SeededRandom(plan.seed + 1);
    this.#conditions = new WorldConditions(plan, this.#queue, this.#random);
    this.#brokers = new SimulatedBrokers(this.#conditions);
    this.network = createToyNetwork(plan.seed, plan.songCount, plan.artistCount);
    this.#replicas = usualParts(plan.shardCount).flatMap((facts) =>
      Array.from({ length: plan.replicaCount }, (_, index) => this.#newReplica(facts, index)),
    );
    this.#dispatchers = Array.from({ length: plan.dispatcherCount }, (_, index) => ({
      name: dispatcherName(index),
      index,
      core: this.#newCore(index),
      handlings: new Map<string, Handling>(),
    }));
    this.#endMs = Math.max(...plan.requests.map(({ deadlineMs }) => deadlineMs)) + 100;
  }

  run(): WorldReport {
    for (const replica of this.#replicas) this.#beat(replica, this.#random.between(0, 199));
    for (const dispatcher of this.#dispatchers) {
      this.#tick(dispatcher, TICK_MS);
      this.#hearItself(dispatcher, this.#random.between(0, 199));
    }
    for (const fault of this.#plan.faults) this.#scheduleDeath(fault);
    for (const request of this.#plan.requests) this.#ask(request);
    this.#queue.runUntil(this.#endMs);
    // The first tick answers what a frozen dispatcher still has; after the second nothing is kept.
    for (const laterMs of [1_000, 2 * ANSWERS_WINDOW_MS]) {
      this.#queue.nowMs = this.#endMs + laterMs;
      for (const { core } of this.#dispatchers) core.handle({ kind: "tick" });
    }
    const held = this.#dispatchers.map(({ core }) => core.liveCount + core.answeredCount);
    return {
      settled: this.#settled,
      handlings: this.#handlings,
      heldAtEnd: held.reduce((sum, count) => sum + count, 0),
      mistrusted: this.#mistrusted,
    };
  }

  // --- the asker, as the API server behaves ---

  #ask(request: PlannedRequest): void {
    this.#settled.set(request.requestId, []);
    this.#queue.at(request.atMs, () => this.#askOnce(request, 1));
    this.#queue.at(request.deadlineMs - ASKER_MARGIN_MS, () => {
      if (this.#settled.get(request.requestId)?.length !== 0) return;
      const { vocabulary, trending } = this.network;
      const answer = answerDegraded(request, vocabulary, trending);
      this.#settle(request.requestId, {
        atMs: this.#queue.nowMs,
        level: answer?.level ?? "failure",
        reason: "no dispatcher answered",
        songs: answer?.songs ?? [],
        isFromDispatcher: false,
      });
    });
  }

  /** Each time by another way; at once where the way is refused, else when no answer comes. */
  #askOnce(request: PlannedRequest, asks: number): void {
    if (this.#settled.get(request.requestId)?.length !== 0 || asks > ASKS_MAX) return;
    const ways = this.#reachableFirst(TOPIC_REQUESTS, [asks, asks + 1, asks + 2]);
    if (ways[0] === undefined || this.#brokers.fateOf(ways[0]) === "refused") {
      this.#queue.at(this.#queue.nowMs + REDELIVERY_MS, () => this.#askOnce(request, asks));
      return;
    }
    if (this.#brokers.fateOf(ways[0]) === "carried") {
      const lane = { isLossless: true };
      this.#conditions.send(lane, () => this.#deliverRequest(request, asks), this.#queue.nowMs);
    }
    this.#queue.at(this.#queue.nowMs + ASK_AGAIN_MS, () => this.#askOnce(request, asks + 1));
  }

  #reachableFirst(topic: string, partitions: readonly number[]): readonly Address[] {
    const rank = (address: Address): number =>
      Number(this.#brokers.leaderOf(address) === undefined);
    return partitions
      .map((partition) => ({ topic, partition }))
      .sort((left, right) => rank(left) - rank(right));
  }

  #onReply(reply: RecommendReply): void {
    if (this.#settled.get(reply.requestId)?.length !== 0) return;
    const isAnswer = reply.kind === "answer";
    this.#settle(reply.requestId, {
      atMs: this.#queue.nowMs,
      level: isAnswer ? reply.receipt.level : "failure",
      reason: isAnswer ? reply.receipt.reason : reply.failure.message,
      songs: isAnswer ? reply.songs : [],
      isFromDispatcher: true,
    });
  }

  #settle(requestId: string, settled: Settled): void {
    this.#settled.get(requestId)?.push(settled);
  }

  // --- dispatchers ---

  #offsetOf(process: string): number {
    return this.#plan.clockOffsetsMs.get(process) ?? 0;
  }

  #newCore(index: number): Core {
    const replica = dispatcherName(index);
    const own = [2 * index, 2 * index + 1];
    return this.#createCore({
      replica,
      partialsTo: own.map((partition) => ({ topic: "rec.partials.v1", partition })),
      leaderOf: (address) => this.#brokers.leaderOf(address),
      models: {
        currentVersion: () => this.network.vocabulary.modelVersion,
        vocabularyFor: () => this.network.vocabulary,
      },
      trending: () => this.network.trending,
      now: () => this.#queue.nowMs + this.#offsetOf(replica),
      options: OPTIONS,
    });
  }

  /** To the living member that owns the request; later when there is none. */
  #deliverRequest(request: PlannedRequest, asks: number): void {
    if (this.#queue.nowMs >= request.deadlineMs) return;
    const living = this.#dispatchers.filter(({ name }) => !this.#conditions.isUnder("kill", name));
    const dispatcher = living[(request.requestId.length + asks) % Math.max(1, living.length)];
    if (dispatcher === undefined) {
      this.#queue.at(this.#queue.nowMs + 100, () => this.#deliverRequest(request, asks));
      return;
    }
    this.#handToDispatcher(dispatcher, request, asks);
  }

  #handToDispatcher(dispatcher: Dispatcher, request: PlannedRequest, asks: number): void {
    if (this.#conditions.isUnder("kill", dispatcher.name)) return;
    this.#conditions.whenAwake(dispatcher.name, () => {
      const offsetMs = this.#offsetOf(dispatcher.name);
      const [replyTo, replyToAlternate] = this.#reachableFirst("rec.replies.v1", [
        asks % 2,
        (asks + 1) % 2,
      ]);
      if (replyTo === undefined) return;
      const known = dispatcher.handlings.get(request.requestId);
      if (known === undefined) {
        const handling: Handling = {
          dispatcher: dispatcher.name,
          request,
          receivedAtMs: this.#queue.nowMs,
          clockOffsetMs: offsetMs,
          replies: [],
          diedAtMs: Number.POSITIVE_INFINITY,
        };
        dispatcher.handlings.set(request.requestId, handling);
        this.#handlings.push(handling);
      }
      this.#tell(dispatcher, {
        kind: "request",
        publishedAtMs: request.atMs + offsetMs,
        request: {
          ...request,
          deadlineMs: request.deadlineMs + offsetMs,
          user: "",
          replyTo,
          replyToAlternate,
          modelVersion: "",
        },
      });
    });
  }

  #tell(dispatcher: Dispatcher, event: DispatcherEvent): void {
    for (const effect of dispatcher.core.handle(event)) {
      if (effect.kind === "task") {
        this.#sendTask(dispatcher, effect);
      } else if (effect.kind === "reply") {
        this.#sendReply(dispatcher, effect);
      }
    }
    if (event.kind !== "tick") return;
    for (const [replica, { state }] of dispatcher.core.breakers()) {
      if (state !== "closed") this.#mistrusted.add(replica);
    }
  }

  #sendTask(dispatcher: Dispatcher, { target, task }: EffectOf<"task">): void {
    const { stage, shard, address } = target;
    const { requestId, attempt } = task;
    switch (this.#brokers.fateOf(address)) {
      case "carried":
        this.#conditions.send({}, () => this.#deliverTask(dispatcher, task, stage, shard));
        break;
      case "refused":
        this.#queue.at(this.#queue.nowMs + 1, () =>
          this.#tell(dispatcher, { kind: "unsent", requestId, attempt, address }),
        );
        break;
      case "swallowed":
        break;
    }
  }

  /** Where the bus takes it nowhere the request is handled again, as its offset is not committed. */
  #sendReply(dispatcher: Dispatcher, { reply, address, alternate }: EffectOf<"reply">): void {
    const handling = dispatcher.handlings.get(reply.requestId);
    handling?.replies.push({ atMs: this.#queue.nowMs, reply });
    const places = alternate === undefined ? [address] : [address, alternate];
    const place = places.find((other) => this.#brokers.fateOf(other) !== "refused");
    if (place !== undefined) {
      const isCarried = this.#brokers.fateOf(place) === "carried";
      if (isCarried) this.#conditions.send({}, () => this.#onReply(reply));
    } else if (handling !== undefined) {
      const { request } = handling;
      this.#queue.at(this.#queue.nowMs + REDELIVERY_MS, () =>
        this.#handToDispatcher(dispatcher, request, 1),
      );
    }
  }

  /** Its own beats come back to it, when the bus carries any. */
  #hearItself(dispatcher: Dispatcher, atMs: number): void {
    if (atMs > this.#endMs) return;
    this.#queue.at(atMs, () => {
      this.#hearItself(dispatcher, this.#queue.nowMs + HEARTBEAT_MS);
      if (this.#conditions.isUnder("kill", dispatcher.name)) return;
      if (this.#conditions.isUnder("freeze", dispatcher.name)) return;
      if (this.#brokers.carriesHeartbeats) this.#tell(dispatcher, { kind: "bus-heard" });
    });
  }

  #tick(dispatcher: Dispatcher, atMs: number): void {
    if (atMs > this.#endMs) return;
    this.#queue.at(atMs, () => {
      this.#tick(dispatcher, this.#queue.nowMs + TICK_MS);
      if (this.#conditions.isUnder("kill", dispatcher.name)) return;
      this.#conditions.whenAwake(dispatcher.name, () => this.#tell(dispatcher, { kind: "tick" }));
    });
  }

  // --- compute nodes ---

  #newReplica(facts: Partial<ReplicaHeartbeat>, index: number): Replica {
    const { stage = 1, shard = 0 } = facts;
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    return {
      name: replicaName(stage, shard, index),
      facts: { ...facts, topic: `rec.stage.${stage}.${shard}.v1` },
      ownedPartitions: partitions.filter((at) => at % this.#plan.replicaCount === index),
      startedAtMs: 0,
      lastHeartbeat: undefined,
    };
  }

  #beat(replica: Replica, atMs: number): void {
    if (atMs > this.#endMs) return;
    this.#queue.at(atMs, () => {
      const isSilent =
        this.#conditions.isUnder("kill", replica.name) ||
        this.#conditions.isUnder("freeze", replica.name);
      if (!isSilent) {
        const heartbeat = heartbeatOf(replica.name, {
          ...replica.facts,
          ownedPartitions: replica.ownedPartitions,
          startedAtMs: replica.startedAtMs + this.#offsetOf(replica.name),
          sentAtMs: this.#queue.nowMs + this.#offsetOf(replica.name),
        });
        const isCarried = this.#brokers.carriesHeartbeats;
        if (isCarried) replica.lastHeartbeat = heartbeat;
        for (const dispatcher of isCarried ? this.#dispatchers : []) {
          this.#conditions.send({ isHeartbeat: true }, () =>
            this.#deliverHeartbeat(dispatcher, heartbeat, false),
          );
        }
      }
      this.#beat(replica, this.#queue.nowMs + HEARTBEAT_MS);
    });
  }

  #deliverHeartbeat(dispatcher: Dispatcher, heartbeat: ReplicaHeartbeat, isHistory: boolean): void {
    if (this.#conditions.isUnder("kill", dispatcher.name)) return;
    this.#conditions.whenAwake(dispatcher.name, () =>
      this.#tell(dispatcher, { kind: "heartbeat", heartbeat, isHistory }),
    );
  }

  /** To whoever owns the partition that the route names: its replica, or its heir when that is dead. */
  #deliverTask(dispatcher: Dispatcher, task: StageTask, stage: number, shard: number): void {
    const deadlineMs = task.deadlineMs - this.#offsetOf(dispatcher.name);
    if (this.#queue.nowMs >= deadlineMs) return;
    const target = task.targets.find((other) => other.stage === stage && other.shard === shard);
    const named = this.#replicas.find(({ name }) => name === target?.replica);
    if (named === undefined) return;
    if (!this.#conditions.isUnder("kill", named.name)) {
      this.#work(named, dispatcher, task);
      return;
    }
    this.#queue.at(this.#queue.nowMs + SESSION_TIMEOUT_MS, () => {
      const heir = this.#replicas.find(
        ({ name, facts }) =>
          facts.stage === stage &&
          (facts.shard ?? 0) === shard &&
          !this.#conditions.isUnder("kill", name),
      );
      if (heir !== undefined && this.#queue.nowMs < deadlineMs) {
        this.#work(heir, dispatcher, task);
      }
    });
  }

  #work(replica: Replica, dispatcher: Dispatcher, task: StageTask): void {
    if (this.#conditions.isUnder("deaf", replica.name)) return;
    const computeMs = this.#random.between(1, 20);
    const { startedAtMs } = replica;
    this.#queue.at(this.#queue.nowMs + computeMs, () => {
      this.#conditions.whenAwake(replica.name, () => {
        const isSameLife = replica.startedAtMs === startedAtMs;
        if (isSameLife && !this.#conditions.isUnder("kill", replica.name)) {
          this.#finish(replica, dispatcher, task, computeMs);
        }
      });
    });
  }

  #finish(replica: Replica, to: Dispatcher, task: StageTask, computeMs: number): void {
    const { stage = 1, shard = 0, shardCount = 1 } = replica.facts;
    const next = task.targets.filter((target) => target.stage === stage + 1);
    const refuses = this.#conditions.isUnder("refuse", replica.name);
    if (next.length > 0 && !refuses) {
      for (const target of next) {
        this.#sendOn(target.address, () => this.#deliverTask(to, task, stage + 1, target.shard));
      }
      return;
    }
    const columns = this.network.score(task, shard, shardCount);
    const isGarbled = this.#conditions.isUnder("garble", replica.name);
    const partial: ShardPartial = {
      requestId: task.requestId,
      attempt: task.attempt,
      modelVersion: task.modelVersion,
      stage,
      shard,
      replica: replica.name,
      ...(refuses ? EMPTY_COLUMNS : columns),
      ...(isGarbled && { scores: columns.scores.slice(1) }),
      hops: [
        {
          role: "compute",
          stage,
          layerFirst: replica.facts.layerFirst ?? 0,
          layerLast: replica.facts.layerLast ?? 0,
          shard,
          replica: replica.name,
          queueMs: 0,
          computeMs,
          startedAtMs: this.#queue.nowMs - computeMs + this.#offsetOf(replica.name),
          attempt: task.attempt,
        },
      ],
      failure: refuses ? { code: "INTERNAL", message: "it refuses" } : undefined,
    };
    this.#sendOn(task.partialsTo, () => {
      if (this.#conditions.isUnder("kill", to.name)) return;
      this.#conditions.whenAwake(to.name, () => this.#tell(to, { kind: "partial", partial }));
    });
  }

  /** A node whose outcome the bus does not take has the task delivered again, and tries again. */
  #sendOn(address: Address, deliver: () => void): void {
    if (this.#queue.nowMs > this.#endMs) return;
    switch (this.#brokers.fateOf(address)) {
      case "carried":
        this.#conditions.send({}, deliver);
        break;
      case "refused":
        this.#queue.at(this.#queue.nowMs + REDELIVERY_MS, () => this.#sendOn(address, deliver));
        break;
      case "swallowed":
        break;
    }
  }

  // --- deaths ---

  #scheduleDeath(fault: Fault): void {
    if (fault.kind !== "kill") return;
    const dispatcher = this.#dispatchers.find(({ name }) => name === fault.process);
    const replica = this.#replicas.find(({ name }) => name === fault.process);
    this.#queue.at(fault.atMs, () => {
      if (dispatcher !== undefined) this.#onDispatcherDeath(dispatcher);
    });
    this.#queue.at(fault.untilMs, () => {
      if (replica !== undefined) replica.startedAtMs = this.#queue.nowMs;
      if (dispatcher !== undefined) this.#onDispatcherStart(dispatcher);
    });
  }

  /** What it had not replied to is delivered again, when the group has noticed. */
  #onDispatcherDeath(dispatcher: Dispatcher): void {
    for (const handling of dispatcher.handlings.values()) {
      handling.diedAtMs = Math.min(handling.diedAtMs, this.#queue.nowMs);
      if (handling.replies.length > 0) continue;
      this.#queue.at(this.#queue.nowMs + SESSION_TIMEOUT_MS, () =>
        this.#deliverRequest(handling.request, 1),
      );
    }
    dispatcher.handlings = new Map();
    dispatcher.core = this.#newCore(dispatcher.index);
  }

  /** It begins with an empty memory and the last words of every replica. */
  #onDispatcherStart(dispatcher: Dispatcher): void {
    dispatcher.core = this.#newCore(dispatcher.index);
    for (const { lastHeartbeat } of this.#replicas) {
      if (lastHeartbeat !== undefined) this.#deliverHeartbeat(dispatcher, lastHeartbeat, true);
    }
  }
}

const EMPTY_COLUMNS = {
  rows: [],
  scores: [],
  variantScores: [],
  artistIds: [],
  versionGroupIds: [],
  exhausted: false,
};
