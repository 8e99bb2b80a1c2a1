import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RecommendBatchesRequest,
  RecommendBatchesResponseSchema,
} from "@segue/contracts/analytics";
import { isRecommendedTo, TrendingKeys } from "@segue/statistics";
import { invalidRow } from "../invalid-row.ts";
import { secondsSince } from "../seconds-since.ts";

type Result = MessageInitShape<typeof RecommendBatchesResponseSchema>;

/**
 * AnalyticsStreamService.RecommendBatches: what trends, and for each user what of it is new. Answers
 * each message of users at once; nothing is kept but the five songs.
 */
export async function* recommendBatches(
  requests: AsyncIterable<RecommendBatchesRequest>,
  signal: AbortSignal,
): AsyncGenerator<Result> {
  const startedAt = performance.now();
  const trending = new TrendingKeys();
  let trendingSongs: readonly string[] | undefined;
  let batch = 0;
  for await (const request of requests) {
    signal.throwIfAborted();
    assertWellFormed(request, batch, trendingSongs !== undefined);
    trending.add(request.keys, request.counts);
    batch += 1;
    if (request.users.length === 0) continue;
    const isFirst = trendingSongs === undefined;
    trendingSongs ??= trending.keys();
    yield {
      ...(isFirst ? { trendingSongs: [...trendingSongs] } : {}),
      users: request.users,
      recommended: recommendedBits(request.topArtists, trendingSongs),
    };
  }
  yield {
    ...(trendingSongs === undefined ? { trendingSongs: trending.keys() } : {}),
    processingTime: secondsSince(startedAt),
  };
}

function assertWellFormed(
  { keys, counts, users, topArtists }: RecommendBatchesRequest,
  batch: number,
  hasUsers: boolean,
): void {
  const refuse = (field: string, problem: string) => invalidRow(`Batch ${batch}`, field, problem);
  if (keys.length !== counts.length) {
    throw refuse("counts", `it has ${keys.length} keys and ${counts.length} counts`);
  }
  if (users.length !== topArtists.length) {
    throw refuse("top_artists", `it has ${users.length} users and ${topArtists.length} artists`);
  }
  if (hasUsers && keys.length > 0) {
    throw refuse("keys", "keys after users; send all keys first");
  }
  const row = counts.findIndex((count) => count < 0n);
  if (row !== -1) throw refuse(`counts[${row}]`, `row ${row}: count ${counts[row]} is negative`);
}

/** For each user: bit i stands for trending song i. */
function recommendedBits(topArtists: readonly string[], trendingSongs: readonly string[]) {
  return topArtists.map((topArtist) =>
    trendingSongs.reduce(
      (bits, key, at) => (isRecommendedTo(topArtist, key) ? bits | (1 << at) : bits),
      0,
    ),
  );
}
