import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AnalyzeGenreBatchesRequest,
  AnalyzeGenreBatchesResponseSchema,
} from "@segue/contracts/analytics";
import { CodeCounts, genreCountsFrom } from "@segue/statistics";
import { secondsSince } from "../seconds-since.ts";
import { StringColumnReader } from "./column-reader.ts";
import { playBatches } from "./play-batches.ts";
import { resultBatches, toBigInts } from "./result-batches.ts";

type Result = MessageInitShape<typeof AnalyzeGenreBatchesResponseSchema>;

/** AnalyticsStreamService.AnalyzeGenreBatches: plays by genre. */
export async function* analyzeGenreBatches(
  requests: AsyncIterable<AnalyzeGenreBatchesRequest>,
  signal: AbortSignal,
): AsyncGenerator<Result> {
  const startedAt = performance.now();
  const column = new StringColumnReader("genres");
  const codeCounts = new CodeCounts();
  for await (const { plays, place, firstRow } of playBatches(requests)) {
    signal.throwIfAborted();
    codeCounts.add(column.read(plays.genres, place), firstRow);
  }
  const { genres, counts } = genreCountsFrom(codeCounts.columns(), column.dictionary);
  for (const { from, to, isLast } of resultBatches(genres)) {
    yield {
      genres: genres.slice(from, to),
      counts: toBigInts(counts.slice(from, to)),
      ...(isLast ? { processingTime: secondsSince(startedAt) } : {}),
    };
  }
}
