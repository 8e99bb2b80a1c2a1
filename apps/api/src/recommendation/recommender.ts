/**
 * Makes an answer: asks the dispatchers over the bus, and where they do not answer stands on the
 * degradation ladder itself, so that a caller gets a labelled answer within the deadline.
 */
import { type BusMessage, lifeHeader } from "@segue/bus";
import { create, HEADERS, RecommendRequestSchema, toBinary } from "@segue/contracts";
import {
  answerDegraded,
  type Hop,
  type Receipt,
  type ServiceLevel,
  type SongQuestion,
  shiftHops,
  type TrendingSong,
} from "@segue/domain";
import { AppError, CODE_TABLE, type ErrorCode, toAppError } from "@segue/errors";
import type { Logger } from "@segue/telemetry";
import type { ModelDirectory } from "../ports.ts";
import { type Answer, toAnswer } from "./answer.ts";
import type { DispatcherCalls, ReplyPlaces } from "./dispatcher-calls.ts";

export interface Question extends SongQuestion {
  readonly requestId: string;
  /** Empty: nobody's. */
  readonly user: string;
  /** Empty: the promoted version. Otherwise exactly this one, and no ladder. */
  readonly modelVersion: string;
  /** W3C trace context of this request, or empty. */
  readonly traceparent: string;
}

export interface RecommenderDependencies {
  readonly calls: Pick<DispatcherCalls, "ask">;
  readonly models: ModelDirectory;
  readonly trending: () => readonly TrendingSong[];
  readonly replica: string;
  readonly logger: Logger;
  /** Unix time in milliseconds, with fractions where the clock has them. */
  readonly now: () => number;
  readonly requestDeadlineMs: number;
}

/** Kept back from the deadline for what follows the reply, at most; a tenth of a short deadline. */
const ANSWERING_MS_MAX = 150;

export class Recommender {
  readonly #dependencies: RecommenderDependencies;

  constructor(dependencies: RecommenderDependencies) {
    this.#dependencies = dependencies;
  }

  /** Rejects with the reason when neither the dispatchers nor the ladder have an answer. */
  async answer(question: Question): Promise<Answer> {
    const startedAtMs = this.#dependencies.now();
    try {
      return await this.#askDispatchers(question, startedAtMs);
    } catch (thrown) {
      const shortfall = toAppError(thrown);
      if (question.modelVersion !== "") throw shortfall;
      const { requestId } = question;
      const degraded = this.#answerFromLadder(question, startedAtMs, shortfall);
      const outcome = degraded === null ? "failed" : degraded.receipt.level;
      this.#dependencies.logger.warn(
        { requestId, outcome, code: shortfall.code, err: shortfall },
        "recommendation.degraded",
      );
      if (degraded === null) throw shortfall;
      return degraded;
    }
  }

  async #askDispatchers(question: Question, startedAtMs: number): Promise<Answer> {
    const { calls, now, requestDeadlineMs } = this.#dependencies;
    const answeringMs = Math.min(ANSWERING_MS_MAX, requestDeadlineMs / 10);
    const replyByMs = startedAtMs + requestDeadlineMs - answeringMs;
    // The dispatcher's own ladder is better informed than ours: leave it the time to arrive first.
    const deadlineMs = replyByMs - answeringMs;
    const sentAtMs = now();
    const reply = await calls.ask({
      requestId: question.requestId,
      replyByMs,
      message: (places) => this.#toMessage(question, places, deadlineMs),
    });
    const repliedAtMs = now();
    if (reply.failure !== undefined) throw fromFailure(reply.failure);
    const { songs, receipt } = toAnswer(reply);
    const ownHop = this.#ownHop(startedAtMs, sentAtMs - startedAtMs);
    const hops = [ownHop, ...shiftHops(receipt.hops, sentAtMs, repliedAtMs)];
    return { songs, receipt: { ...receipt, hops, totalMs: now() - startedAtMs } };
  }

  #toMessage(
    question: Question,
    { replyTo, replyToAlternate }: ReplyPlaces,
    deadlineMs: number,
  ): Omit<BusMessage, "partition"> {
    const { requestId, traceparent } = question;
    const request = create(RecommendRequestSchema, {
      requestId,
      songIds: [...question.songIds],
      historySongIds: [...question.historySongIds],
      versionGroupIds: [...question.versionGroupIds],
      user: question.user,
      limit: question.limit,
      songsPerArtistMax: question.songsPerArtistMax,
      replyTo,
      replyToAlternate,
      deadlineMs,
      modelVersion: question.modelVersion,
    });
    const headers = {
      [HEADERS.requestId]: requestId,
      ...lifeHeader(deadlineMs - this.#dependencies.now()),
      ...(traceparent === "" ? {} : { [HEADERS.traceparent]: traceparent }),
    };
    return { key: requestId, value: toBinary(RecommendRequestSchema, request), headers };
  }

  #answerFromLadder(question: Question, startedAtMs: number, why: AppError): Answer | null {
    const { models, trending, now } = this.#dependencies;
    const version = models.currentVersion();
    const vocabulary = version === undefined ? undefined : models.vocabularyFor(version);
    const degraded = answerDegraded(question, vocabulary, trending());
    if (degraded === null) return null;
    const { level, songs } = degraded;
    const totalMs = now() - startedAtMs;
    const modelVersion = level === "neighbours" ? (version ?? "") : "";
    const hops = [this.#ownHop(startedAtMs, totalMs)];
    const receipt = toReceipt(question, {
      level,
      modelVersion,
      reason: why.message,
      hops,
      totalMs,
    });
    return { songs, receipt: { ...receipt, createdAtMs: startedAtMs } };
  }

  #ownHop(startedAtMs: number, computeMs: number): Hop {
    return {
      role: "api",
      stage: 0,
      layerFirst: 0,
      layerLast: 0,
      shard: 0,
      replica: this.#dependencies.replica,
      queueMs: 0,
      computeMs,
      startedAtMs,
      attempt: 0,
    };
  }
}

interface ReceiptFacts {
  readonly level: ServiceLevel;
  readonly modelVersion: string;
  readonly reason: string;
  readonly hops: readonly Hop[];
  readonly totalMs: number;
}

function toReceipt(question: Question, facts: ReceiptFacts): Omit<Receipt, "createdAtMs"> {
  const { requestId, songIds, historySongIds, user, limit, songsPerArtistMax } = question;
  const input = { songIds, historySongIds, user, limit, songsPerArtistMax };
  return { requestId, ...facts, attempts: 0, ...input };
}

function fromFailure(failure: { code: string; message: string; detailsJson: string }): AppError {
  const isKnown = (code: string): code is ErrorCode => Object.hasOwn(CODE_TABLE, code);
  const code = isKnown(failure.code) ? failure.code : "INTERNAL";
  return new AppError(code, failure.message, { details: detailsOf(failure.detailsJson) });
}

function detailsOf(json: string): Record<string, unknown> {
  try {
    const details: unknown = JSON.parse(json);
    return typeof details === "object" && details !== null ? { ...details } : {};
  } catch {
    return {};
  }
}
