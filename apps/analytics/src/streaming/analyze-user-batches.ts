import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AnalyzeUserBatchesRequest,
  AnalyzeUserBatchesResponseSchema,
} from "@segue/contracts/analytics";
import { userStatisticsFrom } from "@segue/statistics";
import type { PairCounting } from "../counting/pair-counter.ts";
import { secondsSince } from "../seconds-since.ts";
import { SecondsReader, StringColumnReader } from "./column-reader.ts";
import { playBatches } from "./play-batches.ts";
import { resultBatches, toBigInts } from "./result-batches.ts";

type Result = MessageInitShape<typeof AnalyzeUserBatchesResponseSchema>;

/** AnalyticsStreamService.AnalyzeUserBatches: listening time and top artist by user. */
export async function* analyzeUserBatches(
  requests: AsyncIterable<AnalyzeUserBatchesRequest>,
  signal: AbortSignal,
  counting: PairCounting,
): AsyncGenerator<Result> {
  const startedAt = performance.now();
  const userColumn = new StringColumnReader("users");
  const artistColumn = new StringColumnReader("artists");
  const secondsColumn = new SecondsReader();
  const counter = counting.open({ hasAmounts: true, signal });
  for await (const { plays, place, firstRow } of playBatches(requests)) {
    const lefts = userColumn.read(plays.users, place);
    const rights = artistColumn.read(plays.artists, place);
    const amounts = secondsColumn.read(plays.seconds, place);
    await counter.add({ firstRow, lefts, rights, amounts });
  }
  const { users, totalSeconds, topArtists, topUsers } = userStatisticsFrom(
    await counter.finish(),
    userColumn.dictionary,
    artistColumn.dictionary,
  );
  for (const { from, to, isLast } of resultBatches(users, topArtists)) {
    yield {
      users: users.slice(from, to),
      totalSeconds: toBigInts(totalSeconds.subarray(from, to)),
      topArtists: topArtists.slice(from, to),
      ...(isLast ? { topUsers: [...topUsers], processingTime: secondsSince(startedAt) } : {}),
    };
  }
}
