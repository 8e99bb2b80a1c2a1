import { beforeAll, describe, expect, test } from "vitest";
import { type DemoSong, loadCatalogue } from "./catalogue.ts";
import { DEMO_LISTENERS, type DemoPlay, demoPlays } from "./demo-plays.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FRIDAY_MS = Date.UTC(2026, 10, 20, 16, 30);

let catalogue: DemoSong[] = [];
let plays: DemoPlay[] = [];

beforeAll(() => {
  catalogue = loadCatalogue();
  plays = demoPlays({ catalogue, nowMs: FRIDAY_MS, utcOffsetMs: 0 });
});

function countBy<Key>(listed: readonly DemoPlay[], keyOf: (play: DemoPlay) => Key) {
  const counts = new Map<Key, number>();
  for (const play of listed) counts.set(keyOf(play), (counts.get(keyOf(play)) ?? 0) + 1);
  return counts;
}

const playsOf = (user: string) => plays.filter((play) => play.user === user);
const dayOf = ({ playedAtMs }: DemoPlay) => Math.floor(playedAtMs / DAY_MS);

describe("the plays of the demo", () => {
  test("are of listeners whose names say that they are made up, and of songs that there are", () => {
    expect([...countBy(plays, ({ user }) => user).keys()].sort()).toEqual(DEMO_LISTENERS);
    for (const user of DEMO_LISTENERS) expect(user).toMatch(/^\p{L}+ \(demo\)$/u);
    const known = new Set(catalogue.map(({ id }) => id));
    expect(plays.filter(({ songId }) => !known.has(songId))).toEqual([]);
    expect(plays.every(({ seconds }) => Number.isInteger(seconds) && seconds > 0)).toBe(true);
  });

  test("go back more than a year and end now", () => {
    const times = plays.map(({ playedAtMs }) => playedAtMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((FRIDAY_MS - (times[0] ?? 0)) / DAY_MS).toBeGreaterThan(400);
    expect(times.at(-1)).toBeLessThanOrEqual(FRIDAY_MS);
    expect((FRIDAY_MS - (times.at(-1) ?? 0)) / DAY_MS).toBeLessThan(1);
    expect(plays.length).toBeGreaterThan(10_000);
  });

  test("never overlap, and have keys of their own", () => {
    for (const user of DEMO_LISTENERS) {
      const own = playsOf(user);
      expect(new Set(own.map(({ key }) => key)).size).toBe(own.length);
      const overlapping = own.filter((play, index) => {
        const next = own[index + 1];
        return next !== undefined && play.playedAtMs + play.seconds * 1000 > next.playedAtMs;
      });
      expect(overlapping).toEqual([]);
    }
  });

  test("have songs heard again and again, quiet nights, and one listener who plays every day", () => {
    for (const user of DEMO_LISTENERS) {
      const most = Math.max(...countBy(playsOf(user), ({ songId }) => songId).values());
      expect(most, user).toBeGreaterThan(15);
    }
    const hours = countBy(plays, ({ playedAtMs }) => new Date(playedAtMs).getUTCHours());
    expect(hours.get(3) ?? 0).toBeLessThan((hours.get(18) ?? 0) / 10);
    const days = [...new Set(playsOf("Gil (demo)").map(dayOf))];
    expect(days.length).toBeGreaterThan(80);
    expect((days.at(-1) ?? 0) - (days[0] ?? 0) + 1).toBe(days.length);
  });

  test("make more than a hundred songs trend in thirty days", () => {
    const recent = plays.filter(({ playedAtMs }) => playedAtMs > FRIDAY_MS - 30 * DAY_MS);
    expect(countBy(recent, ({ songId }) => songId).size).toBeGreaterThan(200);
  });

  test("are the same ones a week later, moved by a week", () => {
    const weekMs = 7 * DAY_MS;
    expect(demoPlays({ catalogue, nowMs: FRIDAY_MS + weekMs, utcOffsetMs: 0 })).toEqual(
      plays.map((play) => ({ ...play, playedAtMs: play.playedAtMs + weekMs })),
    );
  });

  test("follow the hours of the zone", () => {
    const utcOffsetMs = 9 * 60 * 60 * 1000;
    const there = demoPlays({ catalogue, nowMs: FRIDAY_MS - utcOffsetMs, utcOffsetMs });
    expect(there).toEqual(
      plays.map((play) => ({ ...play, playedAtMs: play.playedAtMs - utcOffsetMs })),
    );
  });
});
