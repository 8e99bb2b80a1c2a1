import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SESSION_PAUSE_MS, type SessionPlay, splitSessions } from "./session-split.ts";

function play(songId: string, playedAtMs: number, session: string | null = null): SessionPlay {
  return { songId, playedAtMs, session };
}

describe("session split", () => {
  it("cuts behind a pause longer than 30 minutes, and not at exactly 30", () => {
    const sessions = splitSessions([
      play("a", 0),
      play("b", SESSION_PAUSE_MS),
      play("c", 2 * SESSION_PAUSE_MS + 1),
    ]);
    expect(sessions).toEqual([
      { session: null, startedAtMs: 0, songIds: ["a", "b"] },
      { session: null, startedAtMs: 2 * SESSION_PAUSE_MS + 1, songIds: ["c"] },
    ]);
  });

  it("keeps a named session together across pauses and other plays", () => {
    const sessions = splitSessions([
      play("a", 0, "x"),
      play("b", 1),
      play("c", 10 * SESSION_PAUSE_MS, "x"),
    ]);
    expect(sessions.map((each) => each.songIds)).toEqual([["a", "c"], ["b"]]);
  });

  it("has no session for no plays", () => {
    expect(splitSessions([])).toEqual([]);
  });

  it("puts every play into exactly one session, in order, with pauses only between them", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 * SESSION_PAUSE_MS }));
    fc.assert(
      fc.property(gaps, (pauses) => {
        let timeMs = 0;
        const plays = pauses.map((pause, index) => {
          timeMs += pause;
          return play(String(index), timeMs);
        });
        const sessions = splitSessions(plays);
        expect(sessions.flatMap((each) => each.songIds)).toEqual(plays.map((each) => each.songId));
        const starts = new Set(sessions.map((each) => each.startedAtMs));
        const cuts = plays.filter(
          (_, index) => index === 0 || (pauses[index] ?? 0) > SESSION_PAUSE_MS,
        );
        expect(starts).toEqual(new Set(cuts.map((each) => each.playedAtMs)));
      }),
    );
  });
});
