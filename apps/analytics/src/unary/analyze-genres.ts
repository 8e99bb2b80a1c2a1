import type { GenreAnalysisResponse, StreamList } from "@segue/contracts/music";
import { CodeCounts, genreCountsFrom, StringCoder } from "@segue/statistics";
import type { Answer } from "./answer.ts";
import { assertNoAbsurdDuration, assertNoNegativeDuration } from "./assert-durations.ts";
import { inTurns } from "./in-turns.ts";

/** GenreAnalysisService.AnalyzeGenres: plays by genre. */
export async function analyzeGenres(
  { records }: StreamList,
  signal: AbortSignal,
): Promise<Answer<GenreAnalysisResponse>> {
  assertNoNegativeDuration(records);
  assertNoAbsurdDuration(records);
  const coder = new StringCoder();
  const codeCounts = new CodeCounts();
  for await (const { firstRow, slice } of inTurns(records, signal)) {
    codeCounts.add(
      Uint32Array.from(slice, ({ genre }) => coder.codeFor(genre)),
      firstRow,
    );
  }
  const { genres, counts } = genreCountsFrom(codeCounts.columns(), coder.dictionary);
  return {
    genreCounts: Object.fromEntries(genres.map((genre, entry) => [genre, counts[entry] ?? 0])),
    topGenres: [...genres],
  };
}
