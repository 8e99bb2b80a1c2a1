import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { byteSourceOfBytes } from "./byte-source.ts";
import { openCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { TENSORS } from "./manifest.ts";
import { createRandomTensors } from "./random-checkpoint.ts";
import type { TensorContent } from "./safetensors.ts";
import { loadVocabulary, type Vocabulary } from "./vocabulary.ts";

describe("vocabulary", () => {
  test("turns any song ids into rows and back", async () => {
    const id = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !text.includes("\n"));
    const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(ids, id, async (songIds, other) => {
        const vocabulary = await vocabularyOf(songIds);
        expect(songIds.map((songId) => vocabulary.rowFor(songId))).toEqual([...songIds.keys()]);
        expect(songIds.map((_, row) => vocabulary.songIdFor(row))).toEqual(songIds);
        const row = songIds.indexOf(other);
        expect(vocabulary.rowFor(other)).toBe(row === -1 ? undefined : row);
      }),
      { numRuns: 50 },
    );
  });

  test("does not take a part of an id, an empty one or two joined ones for a song", async () => {
    const vocabulary = await vocabularyOf(["song", "songs"]);
    for (const id of ["son", "", "song\nsongs", "ongs"]) {
      expect(vocabulary.rowFor(id)).toBeUndefined();
    }
  });

  test("knows artist, version group and all versions of a song", async () => {
    const vocabulary = await vocabularyOf(["a", "b", "c", "d"], {
      [TENSORS.songArtists]: rowsOf([1, 0, 1, 1]),
      [TENSORS.songVersionGroups]: rowsOf([0, 1, 0, 0]),
    });
    expect(vocabulary.artistFor(2)).toBe(1);
    expect(vocabulary.versionGroupFor(3)).toBe(0);
    expect(vocabulary.versionsOf(2)).toEqual([0, 2, 3]);
    expect(vocabulary.versionsOf(1)).toEqual([1]);
  });

  test("lists neighbours up to the first missing one", async () => {
    const vocabulary = await vocabularyOf(["a", "b"], {
      [TENSORS.neighbourRows]: { shape: [2, 3], data: Int32Array.of(1, -1, -1, 0, 1, 0) },
      [TENSORS.neighbourWeights]: { shape: [2, 3], data: Float32Array.of(0.5, 0, 0, 3, 2, 1) },
    });
    expect([...vocabulary.neighboursFor(0).rows]).toEqual([1]);
    expect([...vocabulary.neighboursFor(0).weights]).toEqual([0.5]);
    expect([...vocabulary.neighboursFor(1).rows]).toEqual([0, 1, 0]);
  });

  test.each([
    ["a song twice", ["a", "b", "a"], {}, "has song a twice, in rows 0 and 2"],
    [
      "an artist that it does not have",
      ["a", "b"],
      { [TENSORS.songArtists]: rowsOf([0, 9]) },
      "has 9 in row 1",
    ],
    [
      "a negative version group",
      ["a", "b"],
      { [TENSORS.songVersionGroups]: rowsOf([-1, 0]) },
      "has -1 in row 0",
    ],
    [
      "fewer ids than songs",
      ["a", "b"],
      { [TENSORS.songIds]: { shape: [1], data: Uint8Array.of(97) } },
      "names 1 songs where its manifest says 2",
    ],
  ])("refuses a model with %s", async (_, songIds, change, problem) => {
    await expect(vocabularyOf(songIds, change)).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: expect.stringContaining(problem) as string,
    });
  });

  test("refuses a row that does not exist", async () => {
    const vocabulary = await vocabularyOf(["a"]);
    expect(() => vocabulary.songIdFor(1)).toThrow("row 1");
    expect(() => vocabulary.artistFor(-1)).toThrow("index -1");
    expect(() => vocabulary.neighboursFor(1)).toThrow("row 1");
  });
});

async function vocabularyOf(
  songIds: readonly string[],
  change: Readonly<Record<string, TensorContent>> = {},
): Promise<Vocabulary> {
  const { manifest, tensors } = createRandomTensors({
    songCount: songIds.length,
    artistCount: 3,
    size: { embedding: 2, hidden: 2 },
  });
  const data = new Uint8Array(Buffer.from(songIds.join("\n")));
  const named = { ...tensors, [TENSORS.songIds]: { shape: [data.length], data }, ...change };
  return loadVocabulary(await openCheckpoint(byteSourceOfBytes(writeCheckpoint(manifest, named))));
}

function rowsOf(values: readonly number[]): TensorContent {
  return { shape: [values.length], data: Int32Array.from(values) };
}
