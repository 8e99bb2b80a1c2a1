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
const ARTIST_COUNT = 60;
const FIVE = ["s10", "s200", "s333", "s1204", "s1999"];

let checkpoint: Checkpoint;
let whole: UnpartitionedModel;

beforeAll(async () => {
  checkpoint = await openRandomCheckpoint({
    songCount: SONG_COUNT,
    artistCount: ARTIST_COUNT,
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
  { stages: 6, shards: 3 },
])("a model in $stages stages and $shards shards", ({ stages, shards }) => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline({ checkpoint, stages, shards, replicas: 1, dispatchers: 1 });
  });
  afterAll(() => pipeline.close());

  test.each<Question & { readonly what: string }>([
    { what: "five songs", songIds: FIVE },
    { what: "twenty songs", songIds: Array.from({ length: 20 }, (_, index) => `s${index * 7}`) },
    { what: "a history before the picks", songIds: FIVE, historySongIds: ["s5", "s77"] },
    { what: "a limit of one", songIds: FIVE, limit: 1 },
    { what: "a limit of a hundred", songIds: FIVE, limit: 100 },
  ])("answers $what as the unpartitioned model does", async ({ what: _, ...question }) => {
    const reply = await pipeline.ask(question);
    expect(reply.receipt?.reason).toBe("");
    expect(reply.receipt?.level).toBe("full");
    expectSameList(reply, await expectedSongs(question, pipeline.vocabulary));
  });
});

describe("a recommendation over two replicas of every part", () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    const cut = { stages: 3, shards: 2 };
    pipeline = await startPipeline({ checkpoint, ...cut, replicas: 2, dispatchers: 2 });
  });
  afterAll(() => pipeline.close());

  test("asks for more, up to the whole catalogue, when the artist cap leaves too few", async () => {
    const reply = await pipeline.ask({ songIds: FIVE, limit: 100, songsPerArtistMax: 1 });
    expect(reply.receipt?.attempts).toBe(3);
    const artists = reply.songs.map(({ songId }) =>
      pipeline.vocabulary.artistFor(pipeline.vocabulary.rowFor(songId) ?? -1),
    );
    expect(artists).toHaveLength(ARTIST_COUNT);
    expect(new Set(artists).size).toBe(ARTIST_COUNT);
  });

  test("names songs of the input without which the score falls", async () => {
    const six = [...FIVE, "s42"];
    const whole = await pipeline.ask({ songIds: six, limit: 10 });
    let named = 0;
    for (const song of whole.songs) {
      for (const { songId } of song.because) {
        const others = six.filter((other) => other !== songId);
        const without = await pipeline.ask({ songIds: others, limit: 100, songsPerArtistMax: 100 });
        const same = without.songs.find((other) => other.songId === song.songId);
        // Beyond the hundredth place its score is below the hundredth's, or not the song's to have.
        const score = same?.score ?? without.songs.at(-1)?.score ?? Number.NaN;
        expect(score).toBeLessThan(song.score);
        named += 1;
      }
    }
    expect(named).toBeGreaterThan(10);
  });

  test("tells which replica ran which layers, and when", async () => {
    const { receipt } = await pipeline.ask({ songIds: FIVE, requestId: "told" });
    const hops = receipt?.hops.map(({ role, stage, layerFirst, layerLast, shard }) =>
      role === "compute" ? `${stage}.${shard}: ${layerFirst}-${layerLast}` : role,
    );
    expect(hops).toEqual(["dispatcher", "1.0: 1-2", "2.0: 3-4", "3.0: 5-6", "3.1: 5-6"]);
    expect(receipt?.hops.every(({ replica }) => replica !== "")).toBe(true);
    expect(receipt?.hops.every(({ queueMs, computeMs }) => queueMs >= 0 && computeMs >= 0)).toBe(
      true,
    );
    expect(receipt).toMatchObject({
      requestId: "told",
      modelVersion: pipeline.vocabulary.modelVersion,
      level: "full",
      reason: "",
      attempts: 1,
      songIds: FIVE,
    });
  });

  test("recomputes the same list on the same model version", async () => {
    const first = await pipeline.ask({ songIds: FIVE });
    const { modelVersion = "" } = first.receipt ?? {};
    const again = await pipeline.ask({ songIds: FIVE, modelVersion });
    expectSameList(again, first.songs);
  });

  test("fails for a model version that is gone, instead of answering from another", async () => {
    const reply = await pipeline.ask({ songIds: FIVE, modelVersion: "long-gone" });
    expect(reply.failure?.code).toBe("MODEL_GONE");
    expect(reply.songs).toEqual([]);
  });

  test("gives the same answer to the same request id", async () => {
    const first = await pipeline.ask({ songIds: FIVE, requestId: "again" });
    const second = await pipeline.ask({
      songIds: ["s1", "s2", "s3", "s4", "s5"],
      requestId: "again",
    });
    expect(second).toEqual(first);
  });

  test("leaves out songs that are newer than the model", async () => {
    const question = { songIds: FIVE };
    const reply = await pipeline.ask({ songIds: ["newest", ...FIVE] });
    expect(reply.receipt?.level).toBe("full");
    expectSameList(reply, await expectedSongs(question, pipeline.vocabulary));
  });
});
