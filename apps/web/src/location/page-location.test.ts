import { describe, expect, it } from "vitest";
import { formatLocation, type PageLocation, parseLocation } from "./page-location.ts";

function roundTrip(location: PageLocation): PageLocation {
  const url = new URL(formatLocation(location), "http://segue.example");
  return parseLocation(url.pathname, url.search, null);
}

describe("page location", () => {
  it("keeps the picked songs in their order", () => {
    const location: PageLocation = { kind: "picks", songIds: ["b", "a", "c"], after: null };
    expect(roundTrip(location)).toEqual(location);
  });

  it("keeps ids with characters that mean something in an address", () => {
    const location: PageLocation = { kind: "picks", songIds: ["a&b", "c d", "é/?#"], after: null };
    expect(roundTrip(location)).toEqual(location);
  });

  it("keeps the request id of a result", () => {
    const location: PageLocation = { kind: "result", requestId: "7f/1 2" };
    expect(roundTrip(location)).toEqual(location);
  });

  it("keeps the process that is looked at", () => {
    for (const replica of [null, "api-1", "compute-3.0-1"]) {
      expect(roundTrip({ kind: "system", replica })).toEqual({ kind: "system", replica });
    }
    expect(parseLocation("/system/", "", null)).toEqual({ kind: "system", replica: null });
    expect(parseLocation("/systematic", "", null)).toMatchObject({ kind: "picks" });
  });

  it("keeps whose statistics of which days are looked at, and what they are narrowed to", () => {
    const place = { kind: "stats", user: null, period: { kind: "30d" }, focus: null } as const;
    expect(formatLocation(place)).toBe("/stats");
    for (const location of [
      place,
      { ...place, user: "ada & co", period: { kind: "today" } },
      { ...place, period: { kind: "custom", from: "2026-03-01", to: "2026-03-07" } },
      { ...place, user: "ada", focus: { kind: "artist", name: "Earth, Wind & Fire" } },
      { ...place, focus: { kind: "genre", name: "" } },
    ] satisfies PageLocation[]) {
      expect(roundTrip(location)).toEqual(location);
    }
    expect(parseLocation("/stats/", "?user=", null)).toEqual(place);
    expect(parseLocation("/statistics", "", null)).toMatchObject({ kind: "picks" });
  });

  it("keeps whose year is reviewed", () => {
    for (const year of [null, 2025]) {
      const location = { kind: "review", user: "ada", year } as const;
      expect(roundTrip(location)).toEqual(location);
    }
    expect(formatLocation({ kind: "review", user: null, year: null })).toBe("/stats/review");
    expect(parseLocation("/stats/review/soon", "", null)).toMatchObject({ kind: "picks" });
  });

  it("reads a song once and skips empty places", () => {
    expect(parseLocation("/", "?songs=a,,b,a,", null)).toEqual({
      kind: "picks",
      songIds: ["a", "b"],
      after: null,
    });
  });

  it("takes the result that stays in view from the history entry", () => {
    expect(parseLocation("/", "?songs=a", { after: "r1" })).toMatchObject({ after: "r1" });
    expect(parseLocation("/", "?songs=a", { after: 7 })).toMatchObject({ after: null });
    expect(parseLocation("/", "?songs=a", "else")).toMatchObject({ after: null });
  });

  it("survives a broken escape in a linked result", () => {
    expect(parseLocation("/r/%E0%A4%A", "", null)).toEqual({
      kind: "result",
      requestId: "%E0%A4%A",
    });
  });
});
