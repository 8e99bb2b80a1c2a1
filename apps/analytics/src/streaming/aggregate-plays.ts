import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AggregatePlaysRequest,
  AggregatePlaysResponseSchema,
} from "@segue/contracts/analytics";
import { playCountsFrom } from "@segue/statistics";
import type { PairCounting } from "../counting/pair-counter.ts";
import { secondsSince } from "../seconds-since.ts";
import { StringColumnReader } from "./column-reader.ts";
import { playBatches } from "./play-batches.ts";
import { resultBatches, toBigInts } from "./result-batches.ts";

type Result = MessageInitShape<typeof AggregatePlaysResponseSchema>;

/** AnalyticsStreamService.AggregatePlays: plays by "Artist - SongID", with first rows. */
export async function* aggregatePlays(
  requests: AsyncIterable<AggregatePlaysRequest>,
  signal: AbortSignal,
  counting: PairCounting,
): AsyncGenerator<Result> {
  const startedAt = performance.now();
  const artists = new StringColumnReader("artists");
  const songs = new StringColumnReader("songs");
  const counter = counting.open({ hasAmounts: false, signal });
  for await (const { plays, place, firstRow } of playBatches(requests)) {
    const lefts = artists.read(plays.artists, place);
    await counter.add({ firstRow, lefts, rights: songs.read(plays.songs, place) });
  }
  const pairs = await counter.finish();
  const { keys, counts, firstRows } = playCountsFrom(pairs, artists.dictionary, songs.dictionary);
  for (const { from, to, isLast } of resultBatches(keys)) {
    yield {
      keys: keys.slice(from, to),
      counts: toBigInts(counts.subarray(from, to)),
      firstRows: toBigInts(firstRows.subarray(from, to)),
      ...(isLast ? { processingTime: secondsSince(startedAt) } : {}),
    };
  }
}
