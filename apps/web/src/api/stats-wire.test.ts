import { describe, expect, it } from "vitest";
import { SAMPLE_REVIEW, SAMPLE_STATISTICS } from "../stats/testing/sample-statistics.ts";
import { parseListeners, parseStatistics, parseYearReview } from "./stats-wire.ts";

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

  it("become listeners", () => {
    const times = { firstPlay: "2026-03-01T00:00:00Z", lastPlay: "2026-03-02T00:00:00Z" };
    const { users, total } = parseListeners({
      users: [{ user: "ada", plays: 6, seconds: 900, ...times }],
      total: 9,
    });
    expect(total).toBe(9);
    expect(users[0]).toMatchObject({ user: "ada", lastPlayMs: Date.parse(times.lastPlay) });
  });

  it("are refused when a figure is missing", () => {
    expect(() => parseStatistics({ ...SAMPLE_STATISTICS, plays: undefined })).toThrow('"plays"');
    expect(() => parseStatistics({ ...SAMPLE_STATISTICS, overTime: null })).toThrow("an object");
    expect(() => parseYearReview({ ...SAMPLE_REVIEW, months: "all" })).toThrow("a list");
  });
});
