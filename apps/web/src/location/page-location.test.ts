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
