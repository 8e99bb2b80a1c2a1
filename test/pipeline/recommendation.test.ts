// Real: bus, dispatchers, compute nodes, worker threads, ONNX sessions. Made for the test: the
// model, whose weights are random.
import type { RecommendReply } from "@segue/contracts";
import {
  type Checkpoint,
  createUnpartitionedModel,
  openRandomCheckpoint,
  type UnpartitionedModel,
  type Vocabulary,
} from "@segue/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Pipeline, type Question, startPipeline } from "./pipeline-harness.ts";

const SONG_COUNT = 2_000;
const FIVE = ["s10", "s200", "s333", "s1204", "s1999"];

let checkpoint: Checkpoint;
let whole: UnpartitionedModel;

beforeAll(async () => {
  checkpoint = await openRandomCheckpoint({
    songCount: SONG_COUNT,
    artistCount: 120,
    size: { embedding: 16, hidden: 24 },
    seed: 7,
  });
  whole = await createUnpartitionedModel(checkpoint);
});
afterAll(() => whole.close());

/** The answer of one session over the whole catalogue, by the plainest reading of the rules. */
async function expectedSongs(
  question: Question,
  vocabulary: Vocabulary,
): Promise<readonly { readonly songId: string; readonly score: number }[]> {
  const rows = [...(question.historySongIds ?? []), ...question.songIds].map(
    (songId) => vocabulary.rowFor(songId) ?? -1,
  );
  const { rows: ranked, scores } = await whole.run({
    variants: [Uint32Array.from(rows)],
    maskedRows: Uint32Array.from(rows.flatMap((row) => vocabulary.versionsOf(row))),
    candidates: SONG_COUNT,
  });
  const artists: number[] = [];
  const groups = new Set<number>();
  const songs: { songId: string; score: number }[] = [];
  for (const [rank, row] of ranked.entries()) {
    const artist = vocabulary.artistFor(row);
    const group = vocabulary.versionGroupFor(row);
    if (songs.length === (question.limit ?? 20) || groups.has(group)) continue;
    if (artists.filter((other) => other === artist).length === 2) continue;
    artists.push(artist);
    groups.add(group);
    songs.push({ songId: vocabulary.songIdFor(row), score: scores[rank] ?? Number.NaN });
  }
  return songs;
}

/** Same songs in the same order, but for swaps among scores within 1e-6. */
function expectSameList(
  reply: RecommendReply,
  expected: readonly { readonly songId: string; readonly score: number }[],
): void {
  expect(reply.songs).toHaveLength(expected.length);
  const scores = new Map(expected.map(({ songId, score }) => [songId, score]));
  for (const [rank, song] of reply.songs.entries()) {
    expect(Math.abs(song.score - (expected[rank]?.score ?? Number.NaN))).toBeLessThan(1e-5);
    expect(scores.get(song.songId)).toBeCloseTo(song.score, 5);
  }
}

describe.each([
  { stages: 3, shards: 1 },
  { stages: 3, shards: 2 },
  { stages: 1, shards: 1 },
])("a model in $stages stages and $shards shards", ({ stages, shards }) => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline({ checkpoint, stages, shards, replicas: 2, dispatchers: 2 });
  });
  afterAll(() => pipeline.close());

  test("answers as the unpartitioned model does", async () => {
    const question = { songIds: FIVE };
    const reply = await pipeline.ask(question);
    expect(reply.receipt?.level).toBe("full");
    expectSameList(reply, await expectedSongs(question, pipeline.vocabulary));
  });
});
