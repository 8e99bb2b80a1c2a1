import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainSongs, smallVocabulary } from "../testing/small-vocabulary.ts";
import { leaveOneOut, maskedRowsFor, missingSongCount, toModelInput } from "./model-input.ts";

const vocabulary = smallVocabulary(plainSongs(200));
const ids = (...rows: readonly number[]): string[] => rows.map((row) => `s${row}`);

describe("missing songs", () => {
  test("are counted among distinct ones", () => {
    expect(missingSongCount(ids(1, 2, 2, 2, 3))).toBe(2);
    expect(missingSongCount(ids(1, 2, 3, 4, 5, 6))).toBe(0);
  });
});

describe("the network's input", () => {
  test("is the history, then the picks", () => {
    const input = toModelInput({ historySongIds: ids(9, 8), songIds: ids(1, 2, 3) }, vocabulary);
    expect(input.rows).toEqual([9, 8, 1, 2, 3]);
  });

  test("has every song once, where it comes last", () => {
    const input = toModelInput({ historySongIds: ids(1, 9, 9), songIds: ids(1, 2, 3) }, vocabulary);
    expect(input.rows).toEqual([9, 1, 2, 3]);
  });

  test("is cut to the last fifty songs that the model knows", () => {
    const known = Array.from({ length: 60 }, (_, row) => row);
    const input = toModelInput(
      { historySongIds: [], songIds: [...ids(...known), "newer", "newest"] },
      vocabulary,
    );
    expect(input.rows).toEqual(known.slice(10));
    expect(input.unknownSongIds).toEqual(["newer", "newest"]);
  });
});

describe("leave-one-out variants", () => {
  const someRows = fc.uniqueArray(fc.nat(199), { minLength: 1, maxLength: 50 });

  test("begin with the whole input and are eight more at most, none of them empty", () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { sequences, groups } = leaveOneOut(rows);
        expect(sequences[0]).toEqual(rows);
        expect(sequences).toHaveLength(groups.length + 1);
        expect(groups.length).toBeLessThanOrEqual(8);
        expect(sequences.every((sequence) => sequence.length > 0)).toBe(true);
      }),
    );
  });

  test("leave out every song exactly once, in contiguous groups of nearly the same size", () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        fc.pre(rows.length > 1);
        const { sequences, groups } = leaveOneOut(rows);
        expect(groups.flat()).toEqual(rows.map((_, position) => position));
        const sizes = groups.map((group) => group.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const [index, group] of groups.entries()) {
          const left = rows.filter((_, position) => !group.includes(position));
          expect(sequences[index + 1]).toEqual(left);
        }
      }),
    );
  });

  test("give each of up to eight songs a variant of its own", () => {
    expect(leaveOneOut([4, 5, 6]).sequences).toEqual([
      [4, 5, 6],
      [5, 6],
      [4, 6],
      [4, 5],
    ]);
  });

  test("are none for a single song", () => {
    expect(leaveOneOut([4])).toEqual({ sequences: [[4]], groups: [] });
  });
});

describe("masked rows", () => {
  test("are the input's songs and their other versions, also those beyond the last fifty", () => {
    const songs = plainSongs(70);
    songs[69] = { artist: 0, versionGroup: 0 };
    const picks = ids(...Array.from({ length: 60 }, (_, row) => row));
    const masked = maskedRowsFor(
      { historySongIds: ids(65), songIds: picks, versionGroupIds: [] },
      smallVocabulary(songs),
    );
    expect(masked).toEqual([...Array.from({ length: 60 }, (_, row) => row), 65, 69]);
  });

  test("are also the versions of a pick that is newer than the model", () => {
    const songs = plainSongs(10);
    songs[7] = { artist: 0, versionGroup: 3 };
    const question = { historySongIds: [], songIds: ["new-live"], versionGroupIds: ["s3", "gone"] };
    expect(maskedRowsFor(question, smallVocabulary(songs))).toEqual([3, 7]);
  });
});
