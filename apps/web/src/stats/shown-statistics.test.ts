import { describe, expect, it } from "vitest";
import { parsePart, parseStatistics } from "../api/stats-wire.ts";
import { isNarrowed, shownStatistics } from "./shown-statistics.ts";
import { SAMPLE_PART, SAMPLE_STATISTICS } from "./testing/sample-statistics.ts";

const WHOLE = parseStatistics(SAMPLE_STATISTICS);
const PART = parsePart(SAMPLE_PART);
const ARTIST = { kind: "artist", name: "Aretha Franklin" } as const;
const GENRE = { kind: "genre", name: "soul" } as const;
const HOUR = { kind: "hour", weekday: 6, hour: 20 } as const;

describe("the shown statistics", () => {
  it("are everything without a focus", () => {
    const shown = shownStatistics(WHOLE, null, null);
    expect(Object.values(shown)).toEqual([WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE.heatmap]);
  });

  it("are narrowed to a focus, but for the panel in which it was chosen", () => {
    const { overTime, heatmap } = PART;
    const narrowed = {
      figures: PART,
      songs: PART,
      artists: PART,
      genres: PART,
      times: { overTime, heatmap },
      week: heatmap,
    };
    expect(shownStatistics(WHOLE, ARTIST, PART)).toEqual({ ...narrowed, artists: WHOLE });
    expect(shownStatistics(WHOLE, GENRE, PART)).toEqual({ ...narrowed, genres: WHOLE });
    expect(shownStatistics(WHOLE, HOUR, PART)).toEqual({ ...narrowed, week: WHOLE.heatmap });
  });

  it("never show the times of everything for those of a part that are not known", () => {
    const part = parsePart({ ...SAMPLE_PART, daysActive: null, overTime: null, heatmap: null });
    const shown = shownStatistics(WHOLE, GENRE, part);
    expect([shown.times, shown.week, shown.figures.daysActive]).toEqual([null, null, null]);
  });

  it("say of which panel they are less than everything", () => {
    expect([isNarrowed(null), isNarrowed(GENRE), isNarrowed(GENRE, "genre")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
