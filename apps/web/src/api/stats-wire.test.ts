import { describe, expect, it } from "vitest";
import {
  SAMPLE_PART,
  SAMPLE_REVIEW,
  SAMPLE_STATISTICS,
} from "../stats/testing/sample-statistics.ts";
import {
  parseLastPlays,
  parseListeners,
  parsePart,
  parseStatistics,
  parseYearReview,
} from "./stats-wire.ts";

describe("answers about statistics", () => {
  it("become figures, with times as numbers and null for what is not known", () => {
    const statistics = parseStatistics(SAMPLE_STATISTICS);
    expect(statistics).toMatchObject({ plays: 6, seconds: 900.5, user: null, listenerCount: 1 });
    expect(statistics.lastPlayMs).toBe(Date.parse("2026-03-02T20:15:00.250Z"));
    expect(statistics.topSongs.map(({ id, genre }) => [id, genre])).toEqual([
      ["s1", "soul"],
      [null, null],
    ]);
    expect(statistics.streak.longestDays).toEqual({ from: "2026-03-01", to: "2026-03-02" });
    expect(statistics.overTime.points).toHaveLength(2);
    expect(parseStatistics({ ...SAMPLE_STATISTICS, firstPlay: null }).firstPlayMs).toBeNull();
  });

  it("become a year", () => {
    const review = parseYearReview(SAMPLE_REVIEW);
    expect(review.months).toHaveLength(12);
    expect(review.months[2]?.topSong?.title).toBe("Respect");
    expect(review).toMatchObject({ busiestHour: 20, previousYear: null });
    const silent = { ...SAMPLE_REVIEW, busiestDay: null, busiestHour: null, firstSong: null };
    expect(parseYearReview(silent)).toMatchObject({ busiestDay: null, firstSong: null });
    const second = { ...SAMPLE_REVIEW, previousYear: { plays: 3, seconds: 500 } };
    expect(parseYearReview(second).previousYear).toEqual({ plays: 3, seconds: 500 });
  });

  it("become a part, with null for times that are not told", () => {
    const part = parsePart(SAMPLE_PART);
    expect(part).toMatchObject({ plays: 5, daysActive: 1, overTime: { unit: "day" } });
    expect(part.topGenres).toEqual([{ genre: "soul", plays: 5, seconds: 700, share: 1 }]);
    const untold = { ...SAMPLE_PART, daysActive: null, heatmap: null, overTime: null };
    expect(parsePart(untold)).toMatchObject({ daysActive: null, heatmap: null, overTime: null });
  });

  it("become listeners", () => {
    const times = { firstPlay: "2026-03-01T00:00:00Z", lastPlay: "2026-03-02T00:00:00Z" };
    const { users, total } = parseListeners({
      users: [{ user: "ada", plays: 6, seconds: 900, ...times }],
      total: 9,
    });
    expect(total).toBe(9);
    expect(users[0]).toMatchObject({ user: "ada", lastPlayMs: Date.parse(times.lastPlay) });
  });

  it("become last plays", () => {
    const play = { key: "p1", songId: null, title: "Demo tape", artist: "Nobody", genre: null };
    const at = "2026-03-01T20:15:00.000Z";
    expect(parseLastPlays({ user: "ada", plays: [{ ...play, playedAt: at, seconds: 9 }] })).toEqual(
      [{ ...play, playedAtMs: Date.parse(at), seconds: 9 }],
    );
  });

  it("are refused when a figure is missing", () => {
    expect(() => parseStatistics({ ...SAMPLE_STATISTICS, plays: undefined })).toThrow('"plays"');
    expect(() => parseStatistics({ ...SAMPLE_STATISTICS, overTime: null })).toThrow("an object");
    expect(() => parseYearReview({ ...SAMPLE_REVIEW, months: "all" })).toThrow("a list");
  });
});
