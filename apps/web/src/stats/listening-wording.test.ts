import { describe, expect, it } from "vitest";
import {
  counted,
  eraseWords,
  formatAgo,
  formatDays,
  formatListening,
  formatShare,
  onlyWords,
  periodWords,
  reviewedName,
  reviewTitle,
  silenceWords,
  silentYearWords,
  statsTitle,
  unplayedWords,
} from "./listening-wording.ts";
import { customPeriod } from "./period.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const SECOND = 1_000;

describe("words of the statistics", () => {
  it("speak to the reader where the listener has no name", () => {
    expect([null, "me", "ada"].map(unplayedWords)).toEqual([
      "Nobody has played anything",
      "You have not played anything",
      "ada has not played anything",
    ]);
    expect([null, "me", "ada"].map(reviewedName)).toEqual(["Everybody", "My music", "ada"]);
    expect([null, "me", "ada"].map((user) => silentYearWords(user, 2026))).toEqual([
      "Nobody played anything in 2026",
      "You played nothing in 2026",
      "ada played nothing in 2026",
    ]);
  });

  it("name what the page is narrowed to, and say so where it was not played", () => {
    const foci = [
      { kind: "artist", name: "Nina Simone" },
      { kind: "genre", name: "soul" },
      { kind: "genre", name: "" },
      { kind: "hour", weekday: 0, hour: 20 },
    ] as const;
    expect(foci.map(onlyWords)).toEqual([
      "Nina Simone",
      "soul",
      "songs without a known genre",
      "Mondays, 20:00–21:00",
    ]);
    expect(foci.map(silenceWords)).toEqual([
      "Nothing by Nina Simone was played",
      "No soul was played",
      "No song without a known genre was played",
      "Nothing was played on Mondays, 20:00–21:00",
    ]);
  });

  it("give listening time no more precision than it needs", () => {
    expect([0, 45, 720, 3_600, 11_520, 4_334_400].map(formatListening)).toEqual([
      "0 s",
      "45 s",
      "12 min",
      "1 h",
      "3 h 12 min",
      "1,204 h",
    ]);
    expect(formatListening(3_599)).toBe("1 h");
  });

  it("call everybody, a listener and the reader by what they are", () => {
    expect([null, "ada", "me"].map(statsTitle)).toEqual([
      "What everybody plays",
      "What ada plays",
      "What you play",
    ]);
    expect(eraseWords("ada")).toBe("Erase all plays of ada");
    expect(eraseWords("me")).toBe("Erase all your plays");
    expect(reviewTitle("ada", 2026)).toBe("ada in 2026");
    expect(reviewTitle("me", 2026)).toBe("Your 2026");
    expect(reviewTitle(null, 2026)).toBe("Everybody in 2026");
  });

  it("count one and many", () => {
    expect(counted(1, "play")).toBe("1 play");
    expect(counted(2_104, "play")).toBe("2,104 plays");
    expect(counted(0, "day")).toBe("0 days");
  });

  it("never call a part that is there nothing", () => {
    expect([0, 0.004, 0.345, 1].map(formatShare)).toEqual(["0 %", "< 1 %", "35 %", "100 %"]);
  });

  it("name days once where two share their month", () => {
    expect(formatDays({ from: "2026-03-02", to: "2026-03-08" })).toBe("2–8 Mar 2026");
    expect(formatDays({ from: "2026-03-02", to: "2026-03-02" })).toBe("2 Mar 2026");
    expect(formatDays({ from: null, to: null })).toBe("all time");
    expect(periodWords(customPeriod("2026-03-02", "2026-03-02"))).toBe("on 2 Mar 2026");
  });

  it("tell how long ago something was", () => {
    expect(formatAgo(NOW - 3 * SECOND, NOW)).toBe("just now");
    expect(formatAgo(NOW - 42 * SECOND, NOW)).toBe("42 s ago");
    expect(formatAgo(NOW - 240 * SECOND, NOW)).toBe("4 min ago");
    expect(formatAgo(NOW - 3 * 3_600 * SECOND, NOW)).toBe("3 h ago");
    expect(formatAgo(NOW - 25 * 3_600 * SECOND, NOW)).toBe("1 day ago");
    expect(formatAgo(Date.parse("2026-01-02T12:00:00Z"), NOW)).toBe("on 2 Jan 2026");
    expect(formatAgo(NOW + 3_600 * SECOND, NOW)).toBe("on 22 Nov 2026");
  });
});
