import type { PlayCounts, StreamList } from "@segue/contracts/music";
import { playCountsFrom, StringCoder } from "@segue/statistics";
import type { PairCounting } from "../counting/pair-counter.ts";
import type { Answer } from "./answer.ts";
import { assertNoAbsurdDuration, assertNoNegativeDuration } from "./assert-durations.ts";
import { inTurns } from "./in-turns.ts";

/** MapReduceService.AggregateStream: plays by "Artist - SongID". */
export async function aggregateStream(
  { records }: StreamList,
  signal: AbortSignal,
  counting: PairCounting,
): Promise<Answer<PlayCounts>> {
  assertNoNegativeDuration(records);
  assertNoAbsurdDuration(records);
  const artists = new StringCoder();
  const songs = new StringCoder();
  const counter = counting.open({ hasAmounts: false, signal });
  for await (const { firstRow, slice } of inTurns(records, signal)) {
    await counter.add({
      firstRow,
      lefts: Uint32Array.from(slice, ({ artist }) => artists.codeFor(artist)),
      rights: Uint32Array.from(slice, ({ songId }) => songs.codeFor(songId)),
    });
  }
  const { keys, counts } = playCountsFrom(
    await counter.finish(),
    artists.dictionary,
    songs.dictionary,
  );
  return { playCounts: Object.fromEntries(keys.map((key, entry) => [key, counts[entry] ?? 0])) };
}
