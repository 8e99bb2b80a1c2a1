import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AggregatePlaysRequest,
  AggregatePlaysResponseSchema,
} from "@segue/contracts/analytics";
import type { PlayAggregation } from "../counting/play-aggregation.ts";
import { secondsSince } from "../seconds-since.ts";
import { StringColumnReader } from "./column-reader.ts";
import { playBatches } from "./play-batches.ts";
import { resultBatches, toBigInts } from "./result-batches.ts";

type Result = MessageInitShape<typeof AggregatePlaysResponseSchema>;

/** AnalyticsStreamService.AggregatePlays: plays by "Artist - SongID", with first rows. */
export async function* aggregatePlays(
  requests: AsyncIterable<AggregatePlaysRequest>,
  signal: AbortSignal,
  aggregation: PlayAggregation,
): AsyncGenerator<Result> {
  const startedAt = performance.now();
  const artistColumn = new StringColumnReader("artists");
  const songColumn = new StringColumnReader("songs");
  const aggregator = aggregation.open({
    artists: artistColumn.dictionary,
    songs: songColumn.dictionary,
    signal,
  });
  for await (const { plays, place, firstRow } of playBatches(requests)) {
    const artists = artistColumn.read(plays.artists, place);
    await aggregator.add({ firstRow, artists, songs: songColumn.read(plays.songs, place) });
  }
  const { keys, counts, firstRows } = await aggregator.finish();
  for (const { from, to, isLast } of resultBatches(keys)) {
    yield {
      keys: keys.slice(from, to),
      counts: toBigInts(counts.subarray(from, to)),
      firstRows: toBigInts(firstRows.subarray(from, to)),
      ...(isLast ? { processingTime: secondsSince(startedAt) } : {}),
    };
  }
}
