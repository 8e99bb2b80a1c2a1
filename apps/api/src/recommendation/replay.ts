/** Computes a kept answer again, on the model version that computed it. */
import { randomUUID } from "node:crypto";
import { answerDegraded } from "@segue/domain";
import { AppError } from "@segue/errors";
import type { ModelDirectory, SongCatalogue } from "../ports.ts";
import type { Answer } from "./answer.ts";
import type { Recommender } from "./recommender.ts";
import { versionGroupsOf } from "./version-groups.ts";

export interface ReplayDependencies {
  readonly recommender: Recommender;
  readonly models: ModelDirectory;
  readonly songs: Pick<SongCatalogue, "songsByIds">;
}

/**
 * MODEL_GONE when that version is no longer there. An answer of the trending rung was computed by
 * no model, and what was trending then is gone: its songs come back as they were kept.
 */
export async function replayAnswer(
  kept: Answer,
  { recommender, models, songs: catalogue }: ReplayDependencies,
): Promise<Answer> {
  const { level, modelVersion } = kept.receipt;
  if (level === "trending") return kept;
  const vocabulary = models.vocabularyFor(modelVersion);
  if (vocabulary === undefined) throw modelGone(modelVersion);
  // A new id: under the old one the dispatchers would repeat what they remember.
  const requestId = `replay-${randomUUID()}`;
  const versionGroupIds = await versionGroupsOf(kept.receipt, catalogue);
  const question = { ...kept.receipt, versionGroupIds };
  if (level === "full") {
    return recommender.answer({ ...question, requestId, traceparent: "" });
  }
  const songs = answerDegraded(question, vocabulary, [])?.songs ?? [];
  return { songs, receipt: { ...kept.receipt, requestId } };
}

function modelGone(modelVersion: string): AppError {
  return new AppError(
    "MODEL_GONE",
    `Model version ${modelVersion} is not there any more; ask without replay=true for the kept answer`,
  );
}
