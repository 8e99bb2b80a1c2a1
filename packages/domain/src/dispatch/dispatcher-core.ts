/**
 * What a dispatcher decides, as a state machine: events go in, effects come out, and whoever runs
 * it does the effects. It plans routes, merges shards, retries on other replicas, steps down the
 * ladder, and answers every request once, by its deadline. In one file, because every handler ends in
 * another one's transition over the same live requests; what needs none of them lies beside it.
 */
import type { ErrorCode } from "@segue/errors";
import { applyPolicy } from "../answer/answer-policy.ts";
import { mergeShards, type ShardScores, widenedCandidateCount } from "../answer/candidate-merge.ts";
import { answerDegraded, type TrendingSong } from "../answer/degradation-ladder.ts";
import type { RecommendedSong, ServiceLevel } from "../answer/recommendation.ts";
import type { ModelVocabulary } from "../vocabulary.ts";
import { AnsweredRequests } from "./answered-requests.ts";
import {
  type Attempt,
  completeScores,
  isLeaderLost,
  isMergeable,
  settleFailed,
  settleSucceeded,
  settleTimedOut,
  settleUnknown,
} from "./attempt.ts";
import { AttemptPlanner } from "./attempt-planner.ts";
import type { Breaker } from "./breaker.ts";
import { composeAnswer, toRecommendedSongs } from "./compose-reply.ts";
import type { DispatcherEffect, DispatcherEvent, DispatcherNote } from "./dispatcher-events.ts";
import type { DispatcherOptions } from "./dispatcher-options.ts";
import { LeaderChoice, type LeaderOf } from "./leader-choice.ts";
import {
  collectHops,
  type LiveRequest,
  newLiveRequest,
  replyPlaceOf,
  stageTaskOf,
} from "./live-request.ts";
import type {
  Address,
  RecommendReply,
  RecommendRequest,
  ShardPartial,
} from "./pipeline-messages.ts";
import { ReplicaDirectory } from "./replica-directory.ts";
import { RetryBudget } from "./retry-budget.ts";

/** The model versions at hand. */
export interface ModelDirectory {
  /** The promoted version, or undefined when there is none. */
  currentVersion(): string | undefined;
  vocabularyFor(version: string): ModelVocabulary | undefined;
}

export interface DispatcherCoreDependencies {
  /** This dispatcher's name, for receipts. */
  readonly replica: string;
  readonly models: ModelDirectory;
  /** Most played first. */
  readonly trending: () => readonly TrendingSong[];
  /** This dispatcher's own partitions, at least one. */
  readonly partialsTo: readonly Address[];
  readonly leaderOf: LeaderOf;
  /** Unix time in milliseconds, with fractions where the clock has them. */
  readonly now: () => number;
  readonly options: DispatcherOptions;
}

/** Why a request cannot be answered in full: a code for callers of one exact version, a text for receipts. */
interface Shortfall {
  readonly code: ErrorCode;
  readonly reason: string;
}

export class DispatcherCore {
  readonly #dependencies: DispatcherCoreDependencies;
  readonly #options: DispatcherOptions;
  readonly #directory: ReplicaDirectory;
  readonly #leaders: LeaderChoice;
  readonly #planner: AttemptPlanner;
  readonly #budget: RetryBudget;
  readonly #answered: AnsweredRequests;
  readonly #live = new Map<string, LiveRequest>();
  #effects: DispatcherEffect[] = [];
  #eventAtMs = 0;
  #tickedAtMs: number;

  constructor(dependencies: DispatcherCoreDependencies) {
    const { options } = dependencies;
    this.#dependencies = dependencies;
    this.#options = options;
    this.#directory = new ReplicaDirectory(options.directory);
    this.#leaders = new LeaderChoice(dependencies.leaderOf, options.leaderSuspicionMs);
    this.#planner = new AttemptPlanner({
      directory: this.#directory,
      leaders: this.#leaders,
      partialsTo: dependencies.partialsTo,
      attemptTimeoutMs: options.attemptTimeoutMs,
    });
    this.#budget = new RetryBudget(options.retryBudget);
    this.#answered = new AnsweredRequests({
      windowMs: options.answersWindowMs,
      countMax: options.answersMax,
    });
    this.#tickedAtMs = dependencies.now();
  }

  /** Takes one event and returns what is to be done for it, in order. */
  handle(event: DispatcherEvent): readonly DispatcherEffect[] {
    this.#effects = [];
    this.#eventAtMs = this.#dependencies.now();
    switch (event.kind) {
      case "request":
        this.#onRequest(event.request, event.publishedAtMs);
        break;
      case "partial":
        this.#onPartial(event.partial);
        break;
      case "heartbeat":
        this.#directory.hear(event.heartbeat, this.#eventAtMs, event.isHistory);
        break;
      case "bus-heard":
        this.#directory.presence.hearAnybody(this.#eventAtMs);
        break;
      case "unsent":
        this.#onUnsent(event.requestId, event.attempt, event.address);
        break;
      case "farewell":
        this.#directory.farewell(event.replica);
        break;
      case "tick":
        this.#onTick();
        break;
    }
    return this.#effects;
  }

  /** Requests that have no answer yet. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** Answers kept for requests that come again. */
  get answeredCount(): number {
    return this.#answered.size;
  }

  breakers(): ReadonlyMap<string, Breaker> {
    return this.#directory.breakers();
  }

  #onRequest(request: RecommendRequest, publishedAtMs: number): void {
    const { requestId } = request;
    const place = replyPlaceOf(request);
    const stored = this.#answered.replyTo(requestId);
    if (stored !== undefined) {
      this.#note("request.repeated", requestId, {});
      this.#effects.push({ kind: "reply", ...place, reply: stored });
      return;
    }
    const known = this.#live.get(requestId);
    if (known !== undefined) {
      this.#note("request.repeated", requestId, {});
      const isKnownPlace = known.replyTo.some(({ address }) => isSame(address, place.address));
      if (!isKnownPlace) known.replyTo.push(place);
      return;
    }
    this.#start(request, publishedAtMs);
  }

  #start(request: RecommendRequest, publishedAtMs: number): void {
    this.#budget.onRequest();
    const { models } = this.#dependencies;
    const version = request.modelVersion || models.currentVersion();
    const vocabulary = version === undefined ? undefined : models.vocabularyFor(version);
    const arrival = { publishedAtMs, receivedAtMs: this.#eventAtMs };
    const candidateCount = this.#options.candidateCountFor(request.limit);
    const live = newLiveRequest(request, vocabulary, arrival, candidateCount);
    const isCrowded = this.#live.size >= this.#options.liveRequestsMax;
    this.#live.set(request.requestId, live);
    if (vocabulary === undefined) {
      this.#fallShort(live, noModel(version));
    } else if (live.inputRows.length === 0) {
      const reason = `model ${vocabulary.modelVersion} knows none of the songs`;
      this.#fallShort(live, { code: "SONG_UNKNOWN", reason });
    } else if (isCrowded) {
      const reason = `${this.#options.liveRequestsMax} requests are in work already`;
      this.#fallShort(live, { code: "OVERLOADED", reason });
    } else {
      this.#send(live, vocabulary.modelVersion);
    }
  }

  /** Plans a route and sends the request along it, or leaves it waiting for one. */
  #send(live: LiveRequest, version: string): void {
    const nowMs = this.#eventAtMs;
    const plan = this.#planner.plan(live, version, nowMs);
    if (plan.kind === "incomplete") {
      const { routePatienceMs, handoverPatienceMs } = this.#options;
      this.#awaitRoute(live, plan.missing, plan.isComing ? handoverPatienceMs : routePatienceMs);
      return;
    }
    const { attempt } = plan;
    live.attempts.push(attempt);
    live.phase = { kind: "running", attempt };
    // Work that nobody will wait for is dropped where it queues; a late answer is still welcome
    // while the next attempt runs.
    const usefulUntilMs = attempt.timeoutAtMs + this.#options.attemptTimeoutMs;
    const task = stageTaskOf(live, attempt, Math.min(live.request.deadlineMs, usefulUntilMs));
    for (const target of attempt.targets) {
      if (target.stage === 1) this.#effects.push({ kind: "task", target, task });
    }
    live.busyMs += this.#dependencies.now() - nowMs;
  }

  #awaitRoute(live: LiveRequest, missing: string, patienceMs: number): void {
    const nowMs = this.#eventAtMs;
    const isNew = live.phase.kind !== "waiting" || live.phase.missing === "";
    const sinceMs = live.phase.kind === "waiting" ? live.phase.sinceMs : nowMs;
    live.phase = { kind: "waiting", sinceMs, missing };
    if (isNew) this.#note("route.incomplete", live.request.requestId, { missing });
    if (nowMs - sinceMs >= patienceMs) {
      this.#fallShort(live, { code: "SHARD_MISSING", reason: `no replica answers for ${missing}` });
    }
  }

  #onPartial(partial: ShardPartial): void {
    const live = this.#live.get(partial.requestId);
    const attempt = live?.attempts[partial.attempt - 1];
    if (live === undefined || attempt === undefined) {
      // Answered meanwhile, or asked by a dispatcher that had this name before.
      this.#note("partial.unwanted", partial.requestId, { replica: partial.replica });
      return;
    }
    collectHops(live, attempt, partial.hops, this.#eventAtMs);
    if (partial.failure !== undefined) {
      this.#onFailure(live, attempt, partial, partial.failure.code, partial.failure.message);
      return;
    }
    const variantCount = live.leaveOneOut.groups.length;
    const songCount = live.vocabulary?.songCount ?? 0;
    if (!isMergeable(partial, attempt, variantCount, songCount)) {
      this.#note("partial.unusable", partial.requestId, { replica: partial.replica });
      this.#onFailure(live, attempt, partial, "INTERNAL", "its scores do not fit the question");
      return;
    }
    if (!attempt.partials.has(partial.shard)) attempt.partials.set(partial.shard, partial);
    const scores = completeScores(attempt);
    if (scores !== null) this.#onComplete(live, attempt, scores);
  }

  #onComplete(live: LiveRequest, attempt: Attempt, scores: readonly ShardScores[]): void {
    settleSucceeded(attempt, this.#directory, this.#eventAtMs);
    const { vocabulary, request } = live;
    if (vocabulary === undefined) return;
    const merged = mergeShards(scores, attempt.candidateCount);
    const chosen = applyPolicy(merged.candidates, request);
    const songs = toRecommendedSongs(chosen, live, vocabulary);
    if (songs.length >= request.limit || merged.isExhausted) {
      this.#answer(live, { level: "full", reason: "", songs });
      return;
    }
    const wider = widenedCandidateCount(attempt.candidateCount);
    if (wider === null) {
      const reason = `${songs.length} of ${request.limit} songs were found among the best ${attempt.candidateCount}, and no more are looked at`;
      this.#answer(live, { level: "full", reason, songs });
      return;
    }
    // A late answer to a narrower question must not ask again what is being asked already.
    if (live.candidateCount >= wider) return;
    live.candidateCount = wider;
    live.narrowerSongs = songs;
    this.#note("request.widened", request.requestId, { candidates: wider });
    this.#send(live, vocabulary.modelVersion);
  }

  #onFailure(
    live: LiveRequest,
    attempt: Attempt,
    partial: ShardPartial,
    code: string,
    message: string,
  ): void {
    const nowMs = this.#eventAtMs;
    settleFailed(attempt, partial, !BLAMELESS_CODES.has(code), this.#directory, nowMs);
    if (live.phase.kind !== "running" || live.phase.attempt !== attempt) return;
    this.#note("attempt.failed", live.request.requestId, { replica: partial.replica, code });
    live.tried.add(partial.replica);
    live.failedAttempts += 1;
    this.#retry(live, `${partial.replica} failed: [${code}] ${message}`);
  }

  /** Where the bus explains it, nobody on the route has failed. */
  #onTimeout(live: LiveRequest, attempt: Attempt): void {
    const { requestId } = live.request;
    const nowMs = this.#eventAtMs;
    const late = `no answer within ${this.#options.attemptTimeoutMs} ms`;
    if (this.#isBusToBlame(attempt)) {
      settleUnknown(attempt, this.#directory, nowMs);
      this.#note("attempt.timeout", requestId, { blamed: ["the bus"] });
      this.#retry(live, `${late} on a disturbed bus`);
      return;
    }
    const blamed = settleTimedOut(attempt, this.#directory, nowMs);
    for (const replica of blamed) live.tried.add(replica);
    this.#note("attempt.timeout", requestId, { blamed });
    // All of them live, as their heartbeats say: the broker between them may hang.
    const { presence } = this.#directory;
    if (blamed.every((replica) => presence.isHeardSince(replica, attempt.sentAtMs))) {
      this.#leaders.suspect(attempt.leaders, nowMs);
    }
    live.failedAttempts += 1;
    this.#retry(live, `${late} on a route over ${blamed.join(", ")}`);
  }

  #isBusToBlame(attempt: Attempt): boolean {
    const nowMs = this.#eventAtMs;
    return (
      isLeaderLost(attempt, (address) => this.#leaders.leaderOf(address)) ||
      attempt.leaders.some((leader) => this.#leaders.isSuspected(leader, nowMs)) ||
      this.#directory.presence.wasBusSilentSince(attempt.sentAtMs, nowMs)
    );
  }

  /** Nobody has got it, so it costs none of the retry budget. Another way at once, then after rests. */
  #onUnsent(requestId: string, number: number, address: Address): void {
    this.#leaders.suspect([this.#leaders.leaderOf(address)], this.#eventAtMs);
    const live = this.#live.get(requestId);
    const attempt = live?.attempts[number - 1];
    if (live?.phase.kind !== "running" || live.phase.attempt !== attempt) return;
    settleUnknown(attempt, this.#directory, this.#eventAtMs);
    this.#note("attempt.unsent", requestId, { topic: address.topic, partition: address.partition });
    live.unsentAttempts += 1;
    if (live.unsentAttempts === 1) {
      this.#send(live, attempt.modelVersion);
    } else {
      const restMs = Math.min(REST_MS_MAX, REST_MS_FIRST * 2 ** (live.unsentAttempts - 2));
      live.phase = { kind: "resting", untilMs: this.#eventAtMs + restMs };
    }
  }

  #retry(live: LiveRequest, reason: string): void {
    const version = live.vocabulary?.modelVersion ?? "";
    if (live.failedAttempts >= this.#options.failedAttemptsMax) {
      const count = `${live.failedAttempts} attempts failed, the last one: ${reason}`;
      this.#fallShort(live, { code: "DEADLINE_EXCEEDED", reason: count });
    } else if (!this.#budget.takeRetry()) {
      // The work is not dropped where it queues yet: a late answer would be better than a lesser one.
      const untilMs = this.#eventAtMs + this.#options.attemptTimeoutMs;
      live.phase = { kind: "lingering", untilMs, reason: `too many retries; ${reason}` };
    } else {
      this.#send(live, version);
    }
  }

  #onTick(): void {
    const nowMs = this.#eventAtMs;
    const gapMs = nowMs - this.#tickedAtMs;
    this.#tickedAtMs = nowMs;
    if (gapMs > 5 * this.#options.tickMs) this.#forgivePause(gapMs);
    for (const live of [...this.#live.values()]) this.#onTimePassed(live);
    this.#answered.forgetOld(nowMs);
    this.#directory.forgetSilent(nowMs);
  }

  /** What waited in our own queue while we stood still was not late. */
  #forgivePause(pauseMs: number): void {
    this.#directory.presence.forgivePause(pauseMs, this.#eventAtMs);
    for (const live of this.#live.values()) {
      if (live.phase.kind === "running") live.phase.attempt.timeoutAtMs += pauseMs;
    }
  }

  #onTimePassed(live: LiveRequest): void {
    const nowMs = this.#eventAtMs;
    const { phase, request } = live;
    if (nowMs >= request.deadlineMs - this.#options.deadlineMarginMs) {
      const missing = phase.kind === "waiting" ? `; no replica answers for ${phase.missing}` : "";
      this.#fallShort(live, {
        code: "DEADLINE_EXCEEDED",
        reason: `the deadline came in attempt ${live.attempts.length}${missing}`,
      });
      return;
    }
    switch (phase.kind) {
      case "running":
        if (nowMs >= phase.attempt.timeoutAtMs) this.#onTimeout(live, phase.attempt);
        break;
      case "resting":
        if (nowMs >= phase.untilMs) this.#send(live, live.vocabulary?.modelVersion ?? "");
        break;
      case "lingering":
        if (nowMs >= phase.untilMs) {
          this.#fallShort(live, { code: "OVERLOADED", reason: phase.reason });
        }
        break;
      case "waiting":
        this.#send(live, live.vocabulary?.modelVersion ?? "");
        break;
    }
  }

  /**
   * Answers with what a narrower question has found, or steps down the ladder; who asked for one
   * exact version is not served by another rung.
   */
  #fallShort(live: LiveRequest, { code, reason }: Shortfall): void {
    const { request, vocabulary, narrowerSongs } = live;
    if (narrowerSongs.length > 0) {
      const found = `${narrowerSongs.length} of ${request.limit} songs were found before ${reason}`;
      this.#answer(live, { level: "full", reason: found, songs: narrowerSongs });
      return;
    }
    const degraded =
      request.modelVersion === ""
        ? answerDegraded(request, vocabulary, this.#dependencies.trending())
        : null;
    if (degraded !== null) {
      this.#answer(live, { ...degraded, reason });
      return;
    }
    this.#note("request.failed", request.requestId, { code, reason });
    const failure = { code, message: reason };
    this.#finish(live, { kind: "failure", requestId: request.requestId, failure });
  }

  #answer(
    live: LiveRequest,
    answer: {
      readonly level: ServiceLevel;
      readonly reason: string;
      readonly songs: readonly RecommendedSong[];
    },
  ): void {
    const { level, reason } = answer;
    const { requestId } = live.request;
    if (level === "full") this.#note("request.answered", requestId, {});
    else this.#note("request.degraded", requestId, { level, reason });
    const nowMs = this.#dependencies.now();
    live.busyMs += nowMs - this.#eventAtMs;
    this.#finish(live, composeAnswer(live, answer, this.#dependencies.replica, nowMs));
  }

  #finish(live: LiveRequest, reply: RecommendReply): void {
    for (const attempt of live.attempts) {
      settleUnknown(attempt, this.#directory, this.#eventAtMs);
    }
    this.#live.delete(reply.requestId);
    // A failure is not remembered: who asks again after a recovery is to be answered.
    if (reply.kind === "answer") this.#answered.remember(reply, this.#eventAtMs);
    for (const place of live.replyTo) this.#effects.push({ kind: "reply", ...place, reply });
  }

  #note(event: DispatcherNote["event"], requestId: string, fields: DispatcherNote["fields"]): void {
    this.#effects.push({ kind: "note", note: { event, requestId, fields } });
  }
}

/** Failures that are no fault of the replica: being busy, which its load says too, and our own. */
const BLAMELESS_CODES: ReadonlySet<string> = new Set([
  "OVERLOADED",
  "REQUEST_INVALID",
] satisfies ErrorCode[]);

/** Rests between attempts that the bus does not take double. */
const REST_MS_FIRST = 50;
const REST_MS_MAX = 400;

function isSame(left: Address, right: Address): boolean {
  return left.topic === right.topic && left.partition === right.partition;
}

function noModel(version: string | undefined): Shortfall {
  return version === undefined
    ? { code: "MODEL_NOT_LOADED", reason: "no model is promoted" }
    : { code: "MODEL_GONE", reason: `model ${version} is not at hand` };
}
