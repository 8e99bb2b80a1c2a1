/**
 * Simulated listening sessions for demonstration, training and tests. No real person's listening
 * is in them. The design and its measured distributions: docs/demo-data.md.
 */

import type { DemoSong } from "./catalogue.ts";
import { createListeners, type Listener } from "./listeners.ts";
import { createNicheMap } from "./niches.ts";
import { createRandom, drawCumulative, type Random, toCumulative } from "./random.ts";
import { type WalkState, walkSession } from "./session-walk.ts";

/** One session; sessions come in the order of `startedAtMs`. */
export interface SimulatedSession {
  /** "demo-000001", counted from the first session of the run. */
  readonly id: string;
  readonly user: string;
  readonly startedAtMs: number;
  /** 5 to 30 distinct songs in the order of listening. */
  readonly songIds: readonly string[];
  readonly source: "simulated";
}

export interface SimulationOptions {
  readonly seed: number;
  readonly sessionCount: number;
  readonly catalogue: readonly DemoSong[];
}

/** The run that the bundled play counts, recent sessions and demo model come from. */
export const DEMO_SEED = 20_261_101;
export const DEMO_SESSION_COUNT = 110_000;
/** The simulated time: two years, with a fixed end so that every machine sees the same dates. */
export const SIMULATION_END_MS = Date.UTC(2026, 10, 1);
export const SIMULATION_START_MS = Date.UTC(2024, 10, 1);

/**
 * Yields the sessions one by one; nothing but counts is kept. The same seed, count and catalogue
 * facts give the same bytes.
 */
export function* simulateSessions(options: SimulationOptions): Generator<SimulatedSession, void> {
  const { seed, sessionCount, catalogue } = options;
  const map = createNicheMap(seed, catalogue);
  const listeners = createListeners(seed, listenerCount(sessionCount), map);
  const random = createRandom(seed, "sessions");
  const state: WalkState = { plays: new Uint32Array(map.songs.length), recent: new Map() };
  const freeFromMs = new Map<Listener, number>();
  const activity = toCumulative(listeners.map((listener) => listener.activity));
  let number = 0;
  for (const startedAtMs of startTimes(sessionCount, createRandom(seed, "times"))) {
    const listener = chooseListener(listeners, activity, startedAtMs, freeFromMs, random);
    const guest = listeners[random.below(listeners.length)] ?? listener;
    const rows = walkSession(map, listener, guest, random, state);
    const songs = rows.map((row) => map.songs[row]).filter((song) => song !== undefined);
    const seconds = songs.reduce((sum, song) => sum + (song.seconds ?? SECONDS_WHEN_UNKNOWN), 0);
    freeFromMs.set(listener, startedAtMs + (seconds + PAUSE_SECONDS) * 1000);
    number++;
    yield {
      id: demoSessionId(number),
      user: listener.user,
      startedAtMs,
      songIds: songs.map((song) => song.id),
      source: "simulated",
    };
  }
}

/** Id of the nth session of a run, counted from 1. */
export function demoSessionId(number: number): string {
  return `demo-${String(number).padStart(6, "0")}`;
}

/** About 65 sessions for each listener. */
function listenerCount(sessionCount: number): number {
  return Math.max(40, Math.min(9999, Math.ceil(sessionCount / 65)));
}

/** Ascending start times: the crowd grows fourfold, weekends are busier, seasons and days vary. */
function* startTimes(sessionCount: number, random: Random): Generator<number, void> {
  const dayMs = 24 * 60 * 60 * 1000;
  const days = (SIMULATION_END_MS - SIMULATION_START_MS) / dayMs;
  const cumulative = toCumulative(
    Array.from({ length: days }, (_, day) => {
      const weekday = new Date(SIMULATION_START_MS + day * dayMs).getUTCDay();
      return (1 + (3 * day) / days) * (WEEKDAYS[weekday] ?? 1) * (0.9 + 0.2 * random.next());
    }),
  );
  const total = cumulative[days - 1] ?? 0;
  let done = 0;
  for (let day = 0; day < days; day++) {
    const until = Math.round((sessionCount * (cumulative[day] ?? 0)) / total);
    const times = Array.from({ length: until - done }, () => Math.floor(random.next() * dayMs));
    for (const time of times.sort((a, b) => a - b)) yield SIMULATION_START_MS + day * dayMs + time;
    done = until;
  }
}

/** Somebody who has joined, is not listening already, and likes this hour of the day. */
function chooseListener(
  listeners: readonly Listener[],
  activity: Float64Array,
  startedAtMs: number,
  freeFromMs: ReadonlyMap<Listener, number>,
  random: Random,
): Listener {
  const passed = (startedAtMs - SIMULATION_START_MS) / (SIMULATION_END_MS - SIMULATION_START_MS);
  const hourUtc = (startedAtMs / 3_600_000) % 24;
  for (let attempt = 0; ; attempt++) {
    const listener = listeners[drawCumulative(random, activity)];
    if (listener === undefined) throw new Error("A simulation needs at least one listener.");
    const isFree = (freeFromMs.get(listener) ?? 0) <= startedAtMs;
    const likesHour = random.chance(hourLiking(listener, hourUtc));
    if (isFree && listener.joins <= passed + 0.02 && (likesHour || attempt > 60)) return listener;
    if (attempt > 2000) return listener;
  }
}

/** Near 1 around the favourite hour, a little by day, hardly ever in the small hours. */
function hourLiking(listener: Listener, hourUtc: number): number {
  const hour = (hourUtc + listener.utcOffsetHours + 24) % 24;
  const apart = Math.abs(hour - listener.favouriteHour);
  const distance = Math.min(apart, 24 - apart) / 2.5;
  const byDay = hour >= 1 && hour < 6 ? 0.02 : 0.12;
  return byDay + 0.85 / (1 + distance * distance * distance * distance);
}

export const SECONDS_WHEN_UNKNOWN = 210;
/** Sessions split at a pause of 30 minutes, so two sessions of one listener stand further apart. */
const PAUSE_SECONDS = 2400;
const WEEKDAYS = [1.15, 0.9, 0.92, 0.95, 0.98, 1.12, 1.2];
