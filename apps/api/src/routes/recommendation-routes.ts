/** Continuations and their receipts. */

import { HISTORY_AGE_MS_MAX, HISTORY_LENGTH_MAX } from "@segue/domain";
import { codeFactsFor, toAppError } from "@segue/errors";
import type { Metrics } from "@segue/telemetry";
import { isRequestId, parseTraceparent, startSpan, toTraceparent } from "@segue/telemetry";
import { z } from "zod";
import { callerSignal } from "../http/http-server.ts";
import { describeRoute } from "../http/route-schema.ts";
import {
  continuationSchema,
  questionSchema,
  storedContinuationSchema,
} from "../http/wire-schemas.ts";
import type { ModelDirectory, PlayArchive } from "../ports.ts";
import type { Answer } from "../recommendation/answer.ts";
import type { AnswerDesk, History } from "../recommendation/answer-desk.ts";
import type { Recommender } from "../recommendation/recommender.ts";
import { replayAnswer } from "../recommendation/replay.ts";
import type { LocalFirstSongs } from "../store-access/local-first-songs.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import { toRankedSongViews, toReceiptView } from "./answer-view.ts";
import { knownSongsFor } from "./known-songs.ts";
import type { ApiServer } from "./routes.ts";

export interface RecommendationRouteDependencies {
  readonly songs: LocalFirstSongs;
  readonly desk: AnswerDesk;
  readonly recommender: Recommender;
  readonly models: ModelDirectory;
  readonly metrics: Metrics;
}

export function addRecommendationRoutes(
  server: ApiServer,
  dependencies: RecommendationRouteDependencies,
): void {
  const { songs, desk, metrics } = dependencies;
  server.post(
    "/v1/recommendations",
    {
      schema: {
        body: questionSchema,
        ...describeRoute({
          summary: "Continue a list of songs",
          tag: "recommendations",
          answer: continuationSchema,
          codes: [
            "TOO_FEW_SONGS",
            "OVERLOADED",
            "DEADLINE_EXCEEDED",
            "BUS_UNAVAILABLE",
            "STORE_UNAVAILABLE",
          ],
        }),
      },
    },
    async ({ body, id, headers }, reply) => {
      const answer = await observed(metrics, async () => {
        const picked = await knownSongsFor(body.songs, songs.known);
        const { limit, songsPerArtistMax } = body;
        const question = {
          requestId: id,
          songIds: picked.map((song) => song.id),
          user: body.user ?? "",
          limit,
          songsPerArtistMax,
          traceparent: traceparentFor(headers["traceparent"]),
        };
        const isOwnId = headers["x-request-id"] === id;
        // The answer is made to its end for a balancer that asks again.
        const caller = callerSignal(reply);
        return unlessAborted(desk.answer(question, isOwnId, caller), caller);
      });
      return {
        requestId: id,
        songs: await toRankedSongViews(answer, songs.atHand),
        receipt: toReceiptView(answer.receipt),
      };
    },
  );
  addReceiptRoute(server, dependencies);
}

/** Counts the answer by its level, or as failed unless the failure is the caller's. */
async function observed(metrics: Metrics, make: () => Promise<Answer>): Promise<Answer> {
  const startedAtMs = performance.now();
  const observe = (level: string) =>
    metrics.observeRecommendation(level, (performance.now() - startedAtMs) / 1_000);
  try {
    const answer = await make();
    observe(answer.receipt.level);
    return answer;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.isRetryable || (codeFactsFor(error.code).httpStatus ?? 500) >= 500) observe("failed");
    throw thrown;
  }
}

export interface HistoryReaderOptions {
  readonly plays: Pick<PlayArchive, "lastPlays">;
  readonly access: StoreAccess;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** A history makes the answer better, but is not worth more of its time. */
const HISTORY_WAIT_MS = 1_000;

/** The songs of the user's last plays, as the network's input wants them. */
export function historyReader(options: HistoryReaderOptions): (user: string) => Promise<History> {
  const { plays, access, now } = options;
  return async (user) => {
    const sinceMs = now() - HISTORY_AGE_MS_MAX;
    try {
      const last = await access.attempt(HISTORY_WAIT_MS, () =>
        plays.lastPlays(user, sinceMs, HISTORY_LENGTH_MAX),
      );
      return { songIds: last.flatMap(({ songId }) => songId ?? []), shortfall: "" };
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code !== "STORE_UNAVAILABLE") throw thrown;
      return { songIds: [], shortfall: `The user's last plays could not be read: ${message}` };
    }
  };
}

function addReceiptRoute(server: ApiServer, dependencies: RecommendationRouteDependencies): void {
  const { songs, desk } = dependencies;
  server.get(
    "/v1/receipts/:requestId",
    {
      schema: {
        params: z.object({ requestId: z.string().refine(isRequestId, "is not a request id") }),
        querystring: z.object({
          replay: z
            .enum(["true", "false"])
            .default("false")
            .meta({ description: "true computes the answer again, on the same model version" }),
        }),
        ...describeRoute({
          summary: "A receipt with its songs",
          tag: "recommendations",
          answer: storedContinuationSchema,
          codes: [
            "RECEIPT_UNKNOWN",
            "MODEL_GONE",
            "SHARD_MISSING",
            "DEADLINE_EXCEEDED",
            "STORE_UNAVAILABLE",
          ],
        }),
      },
    },
    async ({ params, query }) => {
      const kept = await desk.find(params.requestId);
      const receipt = toReceiptView(kept.receipt);
      if (query.replay === "false") {
        return { receipt, songs: await toRankedSongViews(kept, songs.atHand) };
      }
      const replayed = await replayAnswer(kept, { ...dependencies, songs: songs.atHand });
      return {
        receipt,
        songs: await toRankedSongViews(replayed, songs.atHand),
        replay: toReceiptView(replayed.receipt),
      };
    },
  );
}

function traceparentFor(header: string | string[] | undefined): string {
  const parent = parseTraceparent(typeof header === "string" ? header : undefined);
  return toTraceparent(startSpan(parent));
}

/** Rejects with the signal's reason when that comes first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
