import { describe, expect, test } from "vitest";
import { plainSongs, type SmallSong, smallVocabulary } from "../testing/small-vocabulary.ts";
import { answerDegraded, type TrendingSong } from "./degradation-ladder.ts";

const song = (row: number, neighbours: readonly number[], versionGroup = row): SmallSong => ({
  artist: row,
  versionGroup,
  neighbours,
});
const question = {
  songIds: ["s0", "s1"],
  historySongIds: [],
  versionGroupIds: [],
  limit: 10,
  songsPerArtistMax: 2,
};
const trending: readonly TrendingSong[] = [
  { songId: "s1", artist: "B", versionGroup: "s1", plays: 90 },
  { songId: "s1-live", artist: "B", versionGroup: "s1", plays: 80 },
  { songId: "t1", artist: "A", versionGroup: "t1", plays: 70 },
  { songId: "t2", artist: "A", versionGroup: "t2", plays: 60 },
  { songId: "t3", artist: "A", versionGroup: "t3", plays: 50 },
  { songId: "t4", artist: "C", versionGroup: "t4", plays: 40 },
];

describe("the rung of neighbours", () => {
  test("adds up the votes of the input songs and names the voters", () => {
    const vocabulary = smallVocabulary([song(0, [2, 3]), song(1, [3]), song(2, []), song(3, [])]);
    expect(answerDegraded(question, vocabulary, trending)).toEqual({
      level: "neighbours",
      songs: [
        {
          songId: "s3",
          score: 1.5,
          because: [
            { songId: "s1", weight: 1 / 1.5 },
            { songId: "s0", weight: 0.5 / 1.5 },
          ],
        },
        { songId: "s2", score: 1, because: [{ songId: "s0", weight: 1 }] },
      ],
    });
  });

  test("answers neither the input nor another version of it", () => {
    const vocabulary = smallVocabulary([
      song(0, [1, 2, 3]),
      song(1, [0]),
      song(2, [], 1),
      song(3, []),
    ]);
    const answer = answerDegraded(question, vocabulary, trending);
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["s3"]);
  });

  test("keeps to the artist cap", () => {
    const songs = [song(0, [2, 3, 4]), song(1, [])];
    for (const row of [2, 3, 4]) songs.push({ artist: 7, versionGroup: row });
    const answer = answerDegraded(question, smallVocabulary(songs), trending);
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["s2", "s3"]);
  });
});

describe("the rung of what is played most", () => {
  test("is taken when the input songs have no neighbours", () => {
    const answer = answerDegraded(question, smallVocabulary(plainSongs(5)), trending);
    expect(answer).toEqual({
      level: "trending",
      songs: [
        { songId: "t1", score: 70, because: [] },
        { songId: "t2", score: 60, because: [] },
        { songId: "t4", score: 40, because: [] },
      ],
    });
  });

  test("is taken when there is no model, and answers no version of the picks", () => {
    const answer = answerDegraded(question, undefined, trending);
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["t1", "t2", "t4"]);
  });

  test("answers no version of a pick that is itself not played", () => {
    const live = { songId: "s0-live", artist: "X", versionGroup: "s0", plays: 99 };
    const answer = answerDegraded(question, undefined, [live, ...trending]);
    expect(answer?.songs.map(({ songId }) => songId)).not.toContain("s0-live");
  });

  test("answers no version of a pick whose group only the catalogue knows", () => {
    const picked = { ...question, songIds: ["new-live"], versionGroupIds: ["t1"] };
    const remix = { songId: "t1-remix", artist: "X", versionGroup: "t1", plays: 99 };
    const answer = answerDegraded(picked, undefined, [remix, ...trending]);
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["s1", "t2", "t3", "t4"]);
  });

  test("is missing when nothing was ever played", () => {
    expect(answerDegraded(question, undefined, [])).toBeNull();
  });
});
