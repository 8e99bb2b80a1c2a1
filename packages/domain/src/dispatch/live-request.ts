/** A request between its arrival and its answer. */

import { spreadHops } from "../answer/hop-times.ts";
import {
  type LeaveOneOut,
  leaveOneOut,
  maskedRowsFor,
  toModelInput,
} from "../answer/model-input.ts";
import type { Hop, RecommendedSong } from "../answer/recommendation.ts";
import type { ModelVocabulary } from "../vocabulary.ts";
import type { Attempt } from "./attempt.ts";
import type { Address, RecommendRequest, StageTask } from "./pipeline-messages.ts";

/**
 * - `waiting`: no complete route since `sinceMs`; planned again at each tick.
 * - `running`: the newest attempt is out. Older ones may still complete and answer.
 * - `resting`: the bus did not take the last attempts; planned again when the rest is over.
 */
export type RequestPhase =
  | { readonly kind: "waiting"; readonly sinceMs: number; readonly missing: string }
  | { readonly kind: "running"; readonly attempt: Attempt }
  | { readonly kind: "resting"; readonly untilMs: number }
  /** No retry is left; attempts given up may still be answered late. */
  | { readonly kind: "lingering"; readonly untilMs: number; readonly reason: string };

/** Where a reply goes. */
export interface ReplyPlace {
  readonly address: Address;
  readonly alternate: Address | undefined;
}

export interface LiveRequest {
  readonly request: RecommendRequest;
  /** Everyone who asked under this request id. */
  readonly replyTo: ReplyPlace[];
  /** Of the version that answers it; undefined when there is no such version. */
  readonly vocabulary: ModelVocabulary | undefined;
  readonly inputRows: readonly number[];
  readonly leaveOneOut: LeaveOneOut;
  readonly maskedRows: readonly number[];
  readonly receivedAtMs: number;
  /** Between publication and arrival here. */
  readonly queueMs: number;
  /** Spent here on planning and merging. */
  busyMs: number;
  candidateCount: number;
  /** Fewer than asked, the answer to a question for fewer candidates; empty before there is one. */
  narrowerSongs: readonly RecommendedSong[];
  readonly attempts: Attempt[];
  failedAttempts: number;
  /** Attempts that the bus did not take. */
  unsentAttempts: number;
  /** On the route of a failed attempt; the next one prefers others. */
  readonly tried: Set<string>;
  readonly hops: Map<string, Hop>;
  phase: RequestPhase;
}

export function newLiveRequest(
  request: RecommendRequest,
  vocabulary: ModelVocabulary | undefined,
  arrival: { readonly publishedAtMs: number; readonly receivedAtMs: number },
  candidateCount: number,
): LiveRequest {
  const { publishedAtMs, receivedAtMs } = arrival;
  const inputRows = vocabulary === undefined ? [] : toModelInput(request, vocabulary).rows;
  return {
    request,
    replyTo: [replyPlaceOf(request)],
    vocabulary,
    inputRows,
    leaveOneOut: leaveOneOut(inputRows),
    maskedRows: vocabulary === undefined ? [] : maskedRowsFor(request, vocabulary),
    receivedAtMs,
    queueMs: Math.max(0, receivedAtMs - publishedAtMs),
    busyMs: 0,
    candidateCount,
    narrowerSongs: [],
    attempts: [],
    failedAttempts: 0,
    unsentAttempts: 0,
    tried: new Set(),
    hops: new Map(),
    phase: { kind: "waiting", sinceMs: receivedAtMs, missing: "" },
  };
}

export function replyPlaceOf({ replyTo, replyToAlternate }: RecommendRequest): ReplyPlace {
  return { address: replyTo, alternate: replyToAlternate };
}

export function stageTaskOf(live: LiveRequest, attempt: Attempt, deadlineMs: number): StageTask {
  return {
    requestId: live.request.requestId,
    attempt: attempt.number,
    modelVersion: attempt.modelVersion,
    deadlineMs,
    targets: attempt.targets,
    partialsTo: attempt.partialsTo,
    variants: live.leaveOneOut.sequences,
    maskedRows: live.maskedRows,
    candidates: attempt.candidateCount,
  };
}

/** Shards bring the hops of the stages before them each; every hop is kept once. */
export function collectHops(
  live: LiveRequest,
  { sentAtMs }: Attempt,
  hops: readonly Hop[],
  nowMs: number,
): void {
  for (const hop of spreadHops(hops, sentAtMs, nowMs)) {
    const { role, stage, shard, replica, attempt } = hop;
    live.hops.set(`${role}/${stage}/${shard}/${replica}/${attempt}`, hop);
  }
}
