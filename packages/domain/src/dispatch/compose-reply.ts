/** Puts a request's answer and the account of how it came about into a reply. */
import type { Candidate } from "../answer/candidate-merge.ts";
import { reasonsFor } from "../answer/reasons.ts";
import type { Hop, Receipt, RecommendedSong, ServiceLevel } from "../answer/recommendation.ts";
import type { ModelVocabulary } from "../vocabulary.ts";
import type { LiveRequest } from "./live-request.ts";
import type { RecommendReply } from "./pipeline-messages.ts";

/** The scored candidates as songs, each with the input songs that led to it. */
export function toRecommendedSongs(
  chosen: readonly Candidate[],
  live: LiveRequest,
  vocabulary: ModelVocabulary,
): readonly RecommendedSong[] {
  const inputSongIds = live.inputRows.map((row) => vocabulary.songIdFor(row));
  return chosen.map((candidate) => ({
    songId: vocabulary.songIdFor(candidate.row),
    score: candidate.score,
    because: becauseOf(candidate, live).map(({ position, weight }) => ({
      songId: inputSongIds[position] ?? "",
      weight,
    })),
  }));
}

export function composeAnswer(
  live: LiveRequest,
  answer: {
    readonly level: ServiceLevel;
    readonly reason: string;
    readonly songs: readonly RecommendedSong[];
  },
  dispatcher: string,
  nowMs: number,
): RecommendReply {
  const { request } = live;
  const receipt: Receipt = {
    requestId: request.requestId,
    modelVersion: live.vocabulary?.modelVersion ?? "",
    level: answer.level,
    reason: answer.reason,
    attempts: live.attempts.length,
    totalMs: nowMs - live.receivedAtMs + live.queueMs,
    hops: [ownHop(live, dispatcher), ...stageHops(live)],
    createdAtMs: nowMs,
    songIds: request.songIds,
    historySongIds: request.historySongIds,
    user: request.user,
    limit: request.limit,
    songsPerArtistMax: request.songsPerArtistMax,
  };
  return { kind: "answer", requestId: request.requestId, songs: answer.songs, receipt };
}

function becauseOf(candidate: Candidate, live: LiveRequest): ReturnType<typeof reasonsFor> {
  // A lone song cannot be left out, and it alone led to everything.
  if (live.inputRows.length === 1) return [{ position: 0, weight: 1 }];
  return reasonsFor(candidate.score, candidate.variantScores(), live.leaveOneOut.groups);
}

function ownHop(live: LiveRequest, dispatcher: string): Hop {
  return {
    role: "dispatcher",
    stage: 0,
    layerFirst: 0,
    layerLast: 0,
    shard: 0,
    replica: dispatcher,
    queueMs: live.queueMs,
    computeMs: live.busyMs,
    startedAtMs: live.receivedAtMs,
    attempt: live.attempts.length,
  };
}

function stageHops(live: LiveRequest): readonly Hop[] {
  return [...live.hops.values()].sort(
    (left, right) =>
      left.attempt - right.attempt || left.stage - right.stage || left.shard - right.shard,
  );
}
