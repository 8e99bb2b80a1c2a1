import { type BucketRange, type Listening, recountListening } from "@segue/statistics/live";
import { expect, test } from "vitest";
import { StatisticsDesk, type StatisticsDeskOptions } from "./statistics-desk.ts";

test("a year in review agrees with itself while plays come in", async () => {
  // One more play of each month comes behind every one of the first twenty questions.
  let asked = 0;
  const listening: StatisticsDeskOptions["listening"] = {
    readPart: () => Promise.reject(new Error("nobody asks for a part")),
    readListening: async ({ range }) => {
      asked += 1;
      return listeningAfter(Math.min(asked, 20), range);
    },
    listenerRevision: async () => Math.min(asked, 20),
    firstSong: async () => undefined,
  };
  const desk = new StatisticsDesk({
    listening,
    songs: { songsByIds: async () => new Map() },
    access: { need: (read) => read() },
    now: () => Date.UTC(2026, 0, 1),
  });
  const everybody = await desk.review(null, 2025, "UTC");
  expect(sumOf(everybody.months)).toBe(everybody.plays);
  asked = 0;
  const ada = await desk.review("ada", 2025, "UTC");
  expect(sumOf(ada.months)).toBe(ada.plays);
  expect(ada.months.map(({ plays, topSong }) => topSong?.plays === plays)).not.toContain(false);
});

const sumOf = (months: readonly { readonly plays: number }[]) =>
  months.reduce((sum, { plays }) => sum + plays, 0);

function listeningAfter(plays: number, range: BucketRange): Listening {
  const each = Array.from({ length: plays * 12 }, (_, index) => ({
    user: "ada",
    songId: "song-1",
    title: null,
    artist: null,
    playedAtMs: Date.UTC(2025, index % 12, 3),
    seconds: 60,
  }));
  return recountListening(each, { range, limit: 10, facts: () => undefined });
}
