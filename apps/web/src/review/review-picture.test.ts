import { describe, expect, it } from "vitest";
import { parseYearReview, type YearReview } from "../api/stats-wire.ts";
import { SAMPLE_REVIEW, SAMPLE_SONG } from "../stats/testing/sample-statistics.ts";
import type { MeasureText, PictureItem } from "./picture.ts";
import {
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  reviewPicture,
  reviewPictureWords,
} from "./review-picture.ts";

/** Wider than any font draws. */
const measure: MeasureText = (text, size) => [...text].length * size * 0.62;

const REVIEW = parseYearReview(SAMPLE_REVIEW);

const LONG = "Supercalifragilisticexpialidocious ".repeat(4).trim();
const FULL: YearReview = {
  ...REVIEW,
  user: LONG,
  seconds: 31_536_000 * 40,
  plays: 12_345_678,
  songCount: 1_234_567,
  artistCount: 345_678,
  topSongs: Array.from({ length: 20 }, (_, index) => ({
    ...SAMPLE_SONG,
    id: `s${index}`,
    title: LONG,
    artist: LONG,
  })),
  topArtists: Array.from({ length: 20 }, () => ({ artist: LONG, plays: 9_999_999, seconds: 1 })),
  topGenres: [{ genre: LONG, plays: 1, seconds: 1, share: 1 }],
};

function textsOf(review: YearReview) {
  return reviewPicture(review, measure).items.filter((item) => item.kind === "text");
}

function spanOf(item: PictureItem): readonly [number, number] {
  if (item.kind === "box") return [item.x, item.x + item.width];
  if (item.kind === "cover") return [item.x, item.x + item.size];
  const width = measure(item.text, item.size, item.weight);
  if (item.align === "right") return [item.x - width, item.x];
  return item.align === "center"
    ? [item.x - width / 2, item.x + width / 2]
    : [item.x, item.x + width];
}

describe("the picture of a year", () => {
  it("says who, when, how long, and what was loved most", () => {
    const texts = textsOf(REVIEW).map(({ text }) => text);
    for (const text of ["ada", "2026", "15", "Respect", "Demo tape", "Aretha Franklin", "soul"]) {
      expect(texts).toContain(text);
    }
    expect(texts).toContain("1 Mar");
    expect(texts.filter((text) => /^[JFMASOND]$/.test(text))).toHaveLength(12);
  });

  it.each([
    ["little", REVIEW],
    ["more than fits", FULL],
  ])("keeps everything inside when there is %s", (_name, review) => {
    for (const item of reviewPicture(review, measure).items) {
      const [left, right] = spanOf(item);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(PICTURE_WIDTH);
      expect(item.y).toBeGreaterThanOrEqual(0);
      expect(item.y).toBeLessThanOrEqual(PICTURE_HEIGHT);
    }
  });

  it("keeps texts in a line apart", () => {
    const lines = Map.groupBy(textsOf(FULL), ({ y }) => y);
    for (const line of lines.values()) {
      const spans = line.map(spanOf).sort(([one], [other]) => one - other);
      for (const [index, [left]] of spans.entries()) {
        if (index > 0) expect(left).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
      }
    }
  });

  it("names five of each at most", () => {
    const covers = reviewPicture(FULL, measure).items.filter(({ kind }) => kind === "cover");
    expect(covers).toHaveLength(5);
  });

  it("marks the month with most listening, and leaves silent ones dim", () => {
    const months = reviewPicture(REVIEW, measure).items.filter(
      (item) => item.kind === "box" && item.radius === 8,
    );
    const heights = months.map((item) => (item.kind === "box" ? item.height : 0));
    expect(heights).toHaveLength(12);
    expect(heights.indexOf(Math.max(...heights))).toBe(2);
    const fills = months.map((item) => (item.kind === "box" ? item.fill : ""));
    expect(fills.filter((fill) => fill === fills[2])).toHaveLength(1);
  });

  it("does without what a year lacks", () => {
    const bare = { ...REVIEW, topGenres: [], busiestDay: null, busiestHour: null, topSongs: [] };
    expect(textsOf(bare).map(({ text }) => text)).not.toContain("Busiest day");
    expect(textsOf(bare).map(({ text }) => text)).toContain("Longest streak");
  });

  it("is told in words too", () => {
    const words = reviewPictureWords(REVIEW);
    expect(words).toContain("ada, 2026: 15 minutes of music in 6 plays.");
    expect(words).toContain("Top songs: Respect by Aretha Franklin, Demo tape by Nobody.");
    expect(words).toContain("Busiest hour: 20:00.");
  });
});
