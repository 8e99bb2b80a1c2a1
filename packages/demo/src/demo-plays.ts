/**
 * Plays of a few made-up listeners up to now, so that a fresh demo has statistics to look at. They
 * walk as the simulated crowd does, and beside that have habits: hours, weeks off, songs on repeat.
 */

import type { DemoSong } from "./catalogue.ts";
import { DEMO_PERSONAS, type Persona } from "./demo-personas.ts";
import { createListeners, type Listener } from "./listeners.ts";
import { createNicheMap, type NicheMap } from "./niches.ts";
import { createRandom, drawCumulative, type Random, toCumulative } from "./random.ts";
import { type WalkState, walkSession } from "./session-walk.ts";
import { DEMO_SEED, SECONDS_WHEN_UNKNOWN } from "./simulate-sessions.ts";

export interface DemoPlay {
  /** One of DEMO_LISTENERS. */
  readonly user: string;
  /** The same whenever the plays are made, as the song is. */
  readonly key: string;
  readonly songId: string;
  /** Unix milliseconds, whole seconds. */
  readonly playedAtMs: number;
  readonly seconds: number;
}

export interface DemoPlaysOptions {
  readonly catalogue: readonly DemoSong[];
  /** No play starts later. */
  readonly nowMs: number;
  /** Of the zone whose mornings and weekends the listeners have. */
  readonly utcOffsetMs: number;
}

/** Every name says that it is made up. */
export const DEMO_LISTENERS: readonly string[] = DEMO_PERSONAS.map(({ user }) => user);

/** About fourteen months. */
const WEEKS = 61;
const DAY_MS = 24 * 60 * 60 * 1000;
const WEEK_MS = 7 * DAY_MS;
/** The first of January 1970 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/**
 * Everybody's plays in the order of time. The weeks are always the same ones, the last of them that
 * of `nowMs`; what would lie in the future is left out.
 */
export function demoPlays({ catalogue, nowMs, utcOffsetMs }: DemoPlaysOptions): DemoPlay[] {
  const localMs = nowMs + utcOffsetMs - FIRST_MONDAY_MS;
  const mondayMs = Math.floor(localMs / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS - utcOffsetMs;
  const beginMs = mondayMs - (WEEKS - 1) * WEEK_MS;
  const map = createNicheMap(DEMO_SEED, catalogue);
  const crowdSize = Math.max(...DEMO_PERSONAS.map(({ taste }) => taste));
  const crowd = createListeners(DEMO_SEED, crowdSize, map);
  const hits = drawHits(map);
  return DEMO_PERSONAS.flatMap((persona, index) => {
    const listener = crowd[persona.taste - 1];
    const guest = crowd[(DEMO_PERSONAS[index - 1] ?? persona).taste - 1];
    if (listener === undefined || guest === undefined) return [];
    return [...playsOf(persona, { map, listener, guest, hits })].map((play) => ({
      ...play,
      playedAtMs: beginMs + play.playedAtMs,
    }));
  })
    .filter(({ playedAtMs }) => playedAtMs <= nowMs)
    .sort((a, b) => a.playedAtMs - b.playedAtMs || (a.key < b.key ? -1 : 1));
}

interface World {
  readonly map: NicheMap;
  readonly listener: Listener;
  readonly guest: Listener;
  /** Rows of what everybody hears for a while, by four weeks. */
  readonly hits: readonly (readonly number[])[];
}

/** One listener's plays in the order of time, as milliseconds since the first Monday. */
function* playsOf(persona: Persona, world: World): Generator<DemoPlay, void> {
  const { map, listener, guest } = world;
  const random = createRandom(DEMO_SEED, "demo-plays", persona.user);
  const state: WalkState = { plays: new Uint32Array(map.songs.length), recent: new Map() };
  /** Songs on repeat, the dearest first. */
  let onRepeat: readonly number[] = [...new Set(listener.favouriteSongs)].slice(0, ON_REPEAT);
  let number = 0;
  for (const startedAtMs of startTimes(persona, random)) {
    const walk = walkSession(map, listener, guest, random, state);
    const hits = world.hits[Math.floor(startedAtMs / (HIT_WEEKS * WEEK_MS))] ?? [];
    const liked = hits.filter((row) => isToTaste(world, row));
    const songs = withRepeats(walk, [...liked, ...onRepeat], random);
    let playedAtMs = startedAtMs;
    for (const row of songs) {
      const song = map.songs[row];
      if (song === undefined) continue;
      number++;
      const length = song.seconds ?? SECONDS_WHEN_UNKNOWN;
      const heard = random.chance(SKIPS) ? 0.1 + 0.5 * random.next() : 1;
      const seconds = Math.round(length * heard);
      const key = `demo-${String(number).padStart(5, "0")}`;
      yield { user: persona.user, key, songId: song.id, playedAtMs, seconds };
      playedAtMs += (seconds + 1 + random.below(4)) * 1000;
    }
    const found = walk[random.below(walk.length)];
    if (found !== undefined && random.chance(NEW_ON_REPEAT)) {
      const place = random.below(ON_REPEAT / 2);
      onRepeat = [...new Set(onRepeat.toSpliced(place, 0, found))].slice(0, ON_REPEAT);
    }
  }
}

/** By habit, more in some weeks than in others, none in weeks away; never two at once. */
function* startTimes({ weeks, habits, isFaithful }: Persona, random: Random): Generator<number> {
  let freeFromMs = 0;
  for (let week = WEEKS - weeks; week < WEEKS; week++) {
    const isAway = random.chance(WEEKS_AWAY) && !isFaithful;
    const mood = isFaithful ? 1 : 0.6 + 0.7 * random.next();
    for (let day = 0; day < 7; day++) {
      for (const { hour, workdays, weekends } of habits) {
        const chance = (day < 5 ? workdays : weekends) * mood;
        const minutes = Math.round(hour * 60 + 25 * random.normal());
        const startedAtMs = week * WEEK_MS + day * DAY_MS + minutes * 60_000 + random.below(60_000);
        if (!random.chance(chance) || isAway || startedAtMs < freeFromMs) continue;
        yield startedAtMs - (startedAtMs % 1000);
        freeFromMs = startedAtMs + SESSION_ROOM_MS;
      }
    }
  }
}

/** Some places go to songs on repeat; none comes twice. */
function withRepeats(walk: readonly number[], onRepeat: readonly number[], random: Random) {
  const dear = toCumulative(onRepeat.map((_, place) => 1 / (place + 2)));
  const songs: number[] = [];
  for (const song of walk) {
    const repeat = onRepeat[drawCumulative(random, dear)] ?? song;
    const next = random.chance(REPEATS) ? repeat : song;
    songs.push(songs.includes(next) ? song : next);
  }
  return [...new Set(songs)];
}

/** What is in the air: well-known songs, a few for each four weeks. */
function drawHits(map: NicheMap): number[][] {
  const random = createRandom(DEMO_SEED, "demo-hits");
  const fame = toCumulative(
    map.songs.map(({ fameRank }, row) => (fameRank === null ? 0 : (map.weights[row] ?? 0))),
  );
  return Array.from({ length: Math.ceil(WEEKS / HIT_WEEKS) }, () =>
    Array.from({ length: HITS }, () => drawCumulative(random, fame)),
  );
}

function isToTaste({ map, listener }: World, row: number): boolean {
  return (listener.taste[map.nicheOf[row] ?? 0] ?? 0) > HIT_TASTE_MIN;
}

const HITS = 12;
const HIT_WEEKS = 4;
const HIT_TASTE_MIN = 0.3;
/** Songs that one listener has on repeat, and how often one of them comes. */
const ON_REPEAT = 14;
const REPEATS = 0.4;
/** How often a session leaves a song that comes again. */
const NEW_ON_REPEAT = 0.35;
const SKIPS = 0.1;
const WEEKS_AWAY = 0.06;
/** Thirty songs and a pause. */
const SESSION_ROOM_MS = 2.5 * 60 * 60 * 1000;
