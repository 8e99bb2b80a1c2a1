// Real: everything, the bundled model and its catalogue included. What an answer says of its
// reasons must come true when one asks again without the named song.
import { type DemoSong, loadCatalogue, loadDemoModel } from "@segue/demo";
import {
  byteSourceOfBytes,
  createUnpartitionedModel,
  openCheckpoint,
  type UnpartitionedModel,
} from "@segue/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Pipeline, startPipeline } from "./pipeline-harness.ts";

const STYLE_COUNT = 10;
const SONG_COUNT = 6;
const CATALOGUE = loadCatalogue();

let pipeline: Pipeline;
let whole: UnpartitionedModel;

beforeAll(async () => {
  const checkpoint = await openCheckpoint(byteSourceOfBytes(loadDemoModel()));
  pipeline = await startPipeline({ checkpoint, stages: 3, shards: 1, replicas: 1, dispatchers: 1 });
  whole = await createUnpartitionedModel(checkpoint);
});
afterAll(async () => {
  await pipeline.close();
  await whole.close();
});

describe("the bundled model", () => {
  test("has a reason for at least nine of ten songs", async () => {
    const counts = { answered: 0, explained: 0 };
    for (const { songIds } of listsOfOneStyle()) {
      for (const { because } of (await pipeline.ask({ songIds })).songs) {
        counts.answered += 1;
        if (because.length > 0) counts.explained += 1;
      }
    }
    expect(counts.answered).toBe(20 * STYLE_COUNT);
    expect(counts.explained / counts.answered).toBeGreaterThanOrEqual(0.9);
  });

  test.each(listsOfOneStyle())(
    "names songs of $genre without which the score falls",
    async ({ songIds }) => {
      const { songs } = await pipeline.ask({ songIds, limit: 5 });
      let comparedCount = 0;
      for (const song of songs) {
        for (const { songId } of song.because) {
          const others = songIds.filter((other) => other !== songId);
          const again = await pipeline.ask({ songIds: others, limit: 100, songsPerArtistMax: 100 });
          const same = again.songs.find((other) => other.songId === song.songId);
          // Beyond the hundredth place it has fallen below everything that was answered.
          if (same === undefined) continue;
          expect(same.score).toBeLessThan(song.score);
          const variantScore = await scoreWithout(songIds, songId, song.songId);
          expect(Math.abs(same.score - variantScore)).toBeLessThan(1e-4);
          comparedCount += 1;
        }
      }
      expect(comparedCount).toBeGreaterThan(0);
    },
  );
});

/** The score that the answer's reasons were made of: that of the variant without the named song. */
async function scoreWithout(songIds: readonly string[], without: string, songId: string) {
  const rows = songIds.map(rowFor);
  const left = rows.filter((row) => row !== rowFor(without));
  const { rows: answered, variantScores } = await whole.run({
    variants: [Uint32Array.from(rows), Uint32Array.from(left)],
    maskedRows: Uint32Array.from(rows.flatMap((row) => pipeline.vocabulary.versionsOf(row))),
    candidates: 200,
  });
  return variantScores[answered.indexOf(rowFor(songId))] ?? Number.NaN;
}

function rowFor(songId: string): number {
  return pipeline.vocabulary.rowFor(songId) ?? -1;
}

/** Of each of the largest styles the most played songs of six artists. */
function listsOfOneStyle(): readonly { readonly genre: string; readonly songIds: string[] }[] {
  const byGenre = [...Map.groupBy(CATALOGUE, ({ genre }) => genre)];
  return byGenre
    .sort(([, left], [, right]) => right.length - left.length)
    .slice(0, STYLE_COUNT)
    .map(([genre, songs]) => ({ genre, songIds: mostPlayedOfArtists(songs) }));
}

function mostPlayedOfArtists(songs: readonly DemoSong[]): string[] {
  const first = new Map<string, string>();
  for (const { artist, id } of songs.toSorted((a, b) => b.popularity - a.popularity)) {
    if (!first.has(artist)) first.set(artist, id);
  }
  return [...first.values()].slice(0, SONG_COUNT);
}
