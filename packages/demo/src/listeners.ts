/** Simulated listeners: taste, era, favourite artists, habits. */

import { SCENE_UTC_OFFSETS } from "./genres.ts";
import { type NicheMap, SHADE_COUNT } from "./niches.ts";
import {
  createRandom,
  drawCumulative,
  indexInCumulative,
  type Random,
  toCumulative,
} from "./random.ts";

export interface Listener {
  /** "listener-0421" */
  readonly user: string;
  /** Niches by how gladly this listener starts a session there, as running sums. */
  readonly starts: Float64Array;
  /** How gladly the listener hears each niche: a factor around 1. */
  readonly taste: Float64Array;
  /** The shade that half of the sessions keep to. */
  readonly shade: number;
  readonly favourites: ReadonlySet<number>;
  readonly favouriteSongs: Int32Array;
  /** Chance that the next song is by the same artist. */
  readonly loyalty: number;
  /** Relative number of sessions. */
  readonly activity: number;
  /** Share of the simulated time that has passed when the listener joins. */
  readonly joins: number;
  readonly utcOffsetHours: number;
  /** Local hour around which most sessions start. */
  readonly favouriteHour: number;
  /** Number of songs of a usual session. */
  readonly sessionLength: number;
}

/** Draws the listeners one by one; a larger crowd starts with the same people. */
export function createListeners(seed: number, count: number, map: NicheMap): Listener[] {
  const scenes = scenesOf(map);
  return Array.from({ length: count }, (_, index) => createListener(seed, index, map, scenes));
}

interface Scenes {
  readonly names: readonly string[];
  readonly cumulative: Float64Array;
}

function scenesOf(map: NicheMap): Scenes {
  const weights = new Map<string, number>();
  for (const niche of map.niches) {
    weights.set(niche.scene, (weights.get(niche.scene) ?? 0) + niche.weight);
  }
  const names = [...weights.keys()].sort();
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  // A scene without famous songs still needs listeners enough that all its songs are heard.
  const shares = names.map((name) =>
    Math.max(
      (weights.get(name) ?? 0) / total,
      ((map.scenes.get(name)?.length ?? 0) / map.songs.length) * SCENE_SHARE_PER_SONG,
    ),
  );
  return { names, cumulative: toCumulative(shares) };
}

function createListener(seed: number, index: number, map: NicheMap, scenes: Scenes): Listener {
  const random = createRandom(seed, "listener", index);
  const drawScene = (): string => scenes.names[drawCumulative(random, scenes.cumulative)] ?? "";
  // Golden-ratio steps spread the homes evenly, so that a small scene is not left to luck.
  const home =
    scenes.names[indexInCumulative(scenes.cumulative, ((index + 0.5) * GOLDEN) % 1)] ?? "";
  const shares = new Map([[drawScene(), 0.08]]);
  for (const [scene, share] of [
    [drawScene(), 0.17],
    [home, 0.75],
  ] as const) {
    shares.set(scene, (shares.get(scene) ?? 0) + share);
  }
  const year = homeYear(random, map, home);
  const taste = tasteFor(random, map, year, 5 + 14 * random.next(), shares);
  const starts = startsFor(map, taste, shares);
  const favouriteSongs = Int32Array.from({ length: 6 + random.below(12) }, () =>
    drawSong(random, map, drawCumulative(random, starts)),
  );
  const offsets = SCENE_UTC_OFFSETS[home] ?? GLOBAL_UTC_OFFSETS;
  return {
    user: `listener-${String(index + 1).padStart(4, "0")}`,
    starts,
    taste,
    shade: random.below(SHADE_COUNT),
    favourites: new Set([...favouriteSongs].map((song) => map.artistOf[song] ?? 0)),
    favouriteSongs,
    loyalty: 0.03 + 0.18 * random.next() * random.next(),
    activity: 0.25 + 3 * random.next() ** 3,
    joins: 0.75 * random.next() ** 1.4,
    utcOffsetHours: offsets[random.below(offsets.length)] ?? 0,
    favouriteHour: FAVOURITE_HOURS[random.below(FAVOURITE_HOURS.length)] ?? 20,
    sessionLength: 7.5 + 6 * random.next(),
  };
}

/** Niches of a scene together get the scene's share, among them by weight and taste. */
function startsFor(
  map: NicheMap,
  taste: Float64Array,
  shares: ReadonlyMap<string, number>,
): Float64Array {
  const pulls = map.niches.map(({ weight }, niche) => weight * (taste[niche] ?? 0));
  const sums = new Map<string, number>();
  for (const [niche, { scene }] of map.niches.entries()) {
    sums.set(scene, (sums.get(scene) ?? 0) + (pulls[niche] ?? 0));
  }
  return toCumulative(
    map.niches.map(
      ({ scene }, niche) =>
        ((shares.get(scene) ?? 0) * (pulls[niche] ?? 0)) / (sums.get(scene) ?? 1),
    ),
  );
}

/** The listener's time is that of a song of the home scene, so listeners spread as the songs do. */
function homeYear(random: Random, map: NicheMap, home: string): number {
  const cumulative = toCumulative(
    map.niches.map(({ scene, weight }) => (scene === home ? weight : 0)),
  );
  return map.niches[drawCumulative(random, cumulative)]?.year ?? 2000;
}

/**
 * Likes and dislikes by genre and by niche; less of what lies outside the listener's scenes and
 * far from the listener's time.
 */
function tasteFor(
  random: Random,
  map: NicheMap,
  year: number,
  yearSpread: number,
  shares: ReadonlyMap<string, number>,
): Float64Array {
  const genres = new Map<string, number>();
  return Float64Array.from(map.niches, (niche) => {
    const liking = genres.get(niche.genre) ?? 0.2 + 1.8 * random.next() ** 2;
    genres.set(niche.genre, liking);
    const distance = (niche.year - year) / yearSpread;
    const scene = SHARE_ELSEWHERE + (shares.get(niche.scene) ?? 0);
    return scene * liking * (0.5 + random.next()) * (0.12 + 1 / (1 + distance * distance));
  });
}

function drawSong(random: Random, map: NicheMap, niche: number): number {
  const pool = map.niches[niche]?.songs;
  return pool?.rows[drawCumulative(random, pool.cumulative)] ?? 0;
}

const SCENE_SHARE_PER_SONG = 0.8;
const SHARE_ELSEWHERE = 0.05;
const GOLDEN = 0.6180339887498949;
const GLOBAL_UTC_OFFSETS = [-8, -6, -5, -5, 0, 0, 1, 1, 2, 10];
const FAVOURITE_HOURS = [7, 8, 12, 17, 18, 19, 20, 20, 21, 21, 22, 23];
