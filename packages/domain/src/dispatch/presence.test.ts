import { describe, expect, test } from "vitest";
import { PRESENCE_DEFAULTS, Presence } from "./presence.ts";

const SKEW_MS = 300_000;
const beatOf = (replica: string, sentAtMs: number, startedAtMs = 0) => {
  return { replica, startedAtMs, sentAtMs };
};

/** `a` and the listener itself beat every 200 ms from `fromMs` until `untilMs`. */
function beatUntil(presence: Presence, fromMs: number, untilMs: number): void {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 200) {
    presence.hear(beatOf("a", nowMs), nowMs);
    presence.hearAnybody(nowMs);
  }
}

describe("presence", () => {
  test("takes a process for silent when it alone was not heard for the heartbeat timeout", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    presence.hear(beatOf("b", 1_000), 1_000);
    beatUntil(presence, 1_000, 1_600);
    expect(presence.isHeard("b", 1_700)).toBe(true);
    expect(presence.isHeard("b", 1_701)).toBe(false);
    expect(presence.isHeard("a", 1_701)).toBe(true);
  });

  test("takes nobody for silent while nobody at all is heard, within a bound", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    beatUntil(presence, 0, 1_000);
    expect(presence.isHeard("a", 5_900)).toBe(true);
    expect(presence.isHeard("a", 6_001)).toBe(false);
  });

  test("holds a silence of the bus against nobody when it is over", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    beatUntil(presence, 0, 1_000);
    presence.hearAnybody(4_000);
    expect(presence.isHeard("a", 4_600)).toBe(true);
    presence.hearAnybody(4_400);
    presence.hearAnybody(4_800);
    expect(presence.isHeard("a", 4_801)).toBe(false);
    expect(presence.wasBusSilentSince(3_500, 4_800)).toBe(true);
    expect(presence.wasBusSilentSince(4_001, 4_800)).toBe(false);
  });

  test("notices that everybody else has died when its own echo goes on", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    beatUntil(presence, 0, 1_000);
    for (let nowMs = 1_200; nowMs <= 1_800; nowMs += 200) presence.hearAnybody(nowMs);
    expect(presence.isHeard("a", 1_801)).toBe(false);
  });

  test("does not hold its own pause against anybody", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    beatUntil(presence, 0, 1_000);
    presence.forgivePause(9_000, 10_000);
    expect(presence.isHeard("a", 10_400)).toBe(true);
  });

  test("does not take the last words of the dead for a sign of life", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    presence.hear(beatOf("dead", 1_000), 60_000, true);
    expect(presence.isHeard("dead", 60_000)).toBe(false);
    presence.hear(beatOf("recent", 59_900), 60_000, true);
    expect(presence.isHeard("recent", 60_000)).toBe(true);
  });

  test.each([-SKEW_MS, SKEW_MS])("believes the beats of a clock that is %i ms off", (offsetMs) => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    presence.hear(beatOf("skewed", 1_000 + offsetMs, offsetMs), 1_000, true);
    expect(presence.isHeard("skewed", 1_000)).toBe(false);
    presence.hear(beatOf("skewed", 1_200 + offsetMs, offsetMs), 1_200);
    expect(presence.isHeard("skewed", 1_200)).toBe(true);
  });

  test("hears the new life of a process whose clock has fallen back, once the old one is silent", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    beatUntil(presence, 0, 1_000);
    expect(presence.hear(beatOf("a", -SKEW_MS + 1_100, -SKEW_MS), 1_100)).toBe("nothing");
    for (let nowMs = 1_200; nowMs <= 1_800; nowMs += 200) presence.hearAnybody(nowMs);
    expect(presence.hear(beatOf("a", -SKEW_MS + 1_800, -SKEW_MS), 1_800)).toBe("life");
    expect(presence.isHeard("a", 1_800)).toBe(true);
  });

  test("ignores beats that come again or out of order", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    expect(presence.hear(beatOf("a", 1_000), 1_000)).toBe("life");
    expect(presence.hear(beatOf("a", 1_000), 1_100)).toBe("nothing");
    expect(presence.hear(beatOf("a", 900), 1_200)).toBe("nothing");
    expect(presence.heardAtMs("a")).toBe(1_000);
    expect(presence.hear(beatOf("a", 1_200), 1_210)).toBe("word");
  });

  test("is not talked out of a farewell by words said before it", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    presence.hear(beatOf("a", 1_000), 1_000);
    presence.farewell("a");
    presence.hear(beatOf("a", 1_000), 1_010);
    expect(presence.isHeard("a", 1_010)).toBe(false);
    expect(presence.hear(beatOf("a", 1_200), 1_200)).toBe("life");
    expect(presence.isHeard("a", 1_200)).toBe(true);
  });

  test("forgets those that were silent for long", () => {
    const presence = new Presence(PRESENCE_DEFAULTS);
    presence.hear(beatOf("a", 0), 0);
    presence.forgetSilent(120_000);
    expect(presence.heardAtMs("a")).toBe(0);
    presence.forgetSilent(120_001);
    expect(presence.heardAtMs("a")).toBeUndefined();
  });
});
