/** One listening session: a walk over the niche map, led by taste, mood and the songs just heard. */

import type { Listener } from "./listeners.ts";
import { type NicheMap, SHADE_COUNT, type SongPool } from "./niches.ts";
import { drawCumulative, type Random } from "./random.ts";

/** Sessions shared with a guest: the two choose in turns, each in the style of their own last song. */
const SHARED = 0.3;
/** Songs of a passing whim, after which the session goes on where it was. */
const WHIM = 0.06;
/** Chances of what leads to the next song; the rest of the time the walk goes on by mood. */
const BEGIN_WITH_FAVOURITE = 0.3;
/** Sessions that begin with the least-played song of the scene, so that no song stays unheard. */
const BEGIN_WITH_FORGOTTEN = 0.08;
const RETURN = 0.04;
const FOLLOW = 0.02;
const DIG_DEEP = 0.14;
/** How often a session keeps to its shade. */
const KEEP_SHADE = 0.75;
/** Of the songs by the same artist, so many are simply the next one in the artist's order. */
const NEXT_IN_ORDER = 0.25;
const RUN_SONGS_MIN = 4;
const TRIES_MAX = 12;
export const SESSION_LENGTH_MIN = 5;
export const SESSION_LENGTH_MAX = 30;

/** Counts and memories that the walks share, in rows of the map. */
export interface WalkState {
  readonly plays: Uint32Array;
  /** What each listener heard lately, oldest first. */
  readonly recent: Map<Listener, number[]>;
}

/** Rows of the songs of one session, 5 to 30, none twice, nor two versions of one. `guest` comes to some of the sessions. */
export function walkSession(
  map: NicheMap,
  listener: Listener,
  guest: Listener,
  random: Random,
  state: WalkState,
): number[] {
  const length = sessionLength(listener, random);
  const recent = state.recent.get(listener) ?? [];
  const heard: number[] = [];
  const turns = [startTurns(map, listener, random)];
  if (random.chance(SHARED)) turns.push(startTurns(map, guest, random));
  while (heard.length < length) {
    const turn = turns[heard.length % turns.length];
    if (turn === undefined) break;
    const isWhim = turn.own.length > 0 && random.chance(WHIM);
    const song = nextSong(map, random, state, {
      ...turn,
      own: isWhim ? [] : turn.own,
      niche: isWhim ? drawCumulative(random, turn.listener.starts) : turn.niche,
      energy: turn.energy + (turn.drift * heard.length) / length,
      heard,
      recent,
    });
    if (song === null) break;
    heard.push(song);
    state.plays[song] = (state.plays[song] ?? 0) + 1;
    if (isWhim) continue;
    turn.own.push(song);
    turn.niche = map.nicheOf[song] ?? turn.niche;
  }
  state.recent.set(listener, [...recent, ...heard].slice(-RECENT_SONGS));
  return heard;
}

/** What one person at the player is up to. */
interface Turns {
  readonly listener: Listener;
  niche: number;
  readonly energy: number;
  /** The mood rises, falls or stays: three songs tell where it is going, one does not. */
  readonly drift: number;
  readonly shade: number;
  /** Songs this person chose, whims left out. */
  readonly own: number[];
}

function startTurns(map: NicheMap, listener: Listener, random: Random): Turns {
  const niche = drawCumulative(random, listener.starts);
  const direction = random.chance(0.35) ? 0 : random.chance(0.5) ? 1 : -1;
  return {
    listener,
    niche,
    energy: map.niches[niche]?.energy ?? 0.5,
    drift: direction * (0.15 + 0.2 * random.next()),
    shade: random.chance(0.5) ? listener.shade : random.below(SHADE_COUNT),
    own: [],
  };
}

interface Step extends Omit<Turns, "drift" | "own"> {
  readonly own: readonly number[];
  readonly heard: readonly number[];
  readonly recent: readonly number[];
}

function nextSong(map: NicheMap, random: Random, state: WalkState, step: Step): number | null {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const song = proposeSong(map, random, state, step);
    const isTired = step.recent.includes(song) && random.chance(0.8);
    if (!isHeard(map, step, song) && !(isTired && attempt < TRIES_MAX / 2)) return song;
  }
  // A small scene may be exhausted: take any song of the niche or its neighbours not heard yet.
  for (const side of map.niches[step.niche]?.neighbours ?? []) {
    const left = map.niches[side]?.songs.rows.find((song) => !isHeard(map, step, song));
    if (left !== undefined) return left;
  }
  return null;
}

/** Versions of one song count as that song. */
function isHeard(map: NicheMap, step: Step, song: number): boolean {
  return step.heard.some((heard) => map.groupOf[heard] === map.groupOf[song]);
}

function proposeSong(map: NicheMap, random: Random, state: WalkState, step: Step): number {
  const last = step.own[step.own.length - 1];
  if (last === undefined) return firstSong(map, random, state, step);
  let choice = random.next();
  if (choice < step.listener.loyalty) return sameArtist(map, last, random);
  choice -= step.listener.loyalty;
  if (choice < FOLLOW) return map.followers[last * 2 + random.below(2)] ?? last;
  choice -= FOLLOW;
  if (choice < RETURN) {
    const before = step.own[step.own.length - 2 - random.below(2)];
    return sameArtist(map, before ?? last, random);
  }
  choice -= RETURN;
  const niche = stepNiche(map, random, step);
  if (choice < DIG_DEEP) return leastPlayed(poolFor(map, step, niche, random).rows, state.plays);
  return drawFrom(map, step, niche, random);
}

function firstSong(map: NicheMap, random: Random, state: WalkState, step: Step): number {
  const choice = random.next();
  if (choice < BEGIN_WITH_FORGOTTEN) {
    return leastPlayed(map.scenes.get(map.niches[step.niche]?.scene ?? "") ?? [], state.plays);
  }
  if (choice < BEGIN_WITH_FORGOTTEN + BEGIN_WITH_FAVOURITE) {
    const { favouriteSongs } = step.listener;
    return favouriteSongs[random.below(favouriteSongs.length)] ?? 0;
  }
  return drawFrom(map, step, step.niche, random);
}

/** The next song in the artist's order, or any by weight; an artist of a few songs makes no run. */
function sameArtist(map: NicheMap, last: number, random: Random): number {
  const songs = map.songsOfArtist[map.artistOf[last] ?? 0];
  if (songs === undefined || songs.rows.length < RUN_SONGS_MIN) return last;
  if (random.chance(NEXT_IN_ORDER)) {
    return songs.rows[(songs.rows.indexOf(last) + 1) % songs.rows.length] ?? last;
  }
  return songs.rows[drawCumulative(random, songs.cumulative)] ?? last;
}

/** Stays or moves to a neighbour: near, in the mood's direction, and to the listener's taste. */
function stepNiche(map: NicheMap, random: Random, step: Step): number {
  const niche = map.niches[step.niche];
  if (niche === undefined) return step.niche;
  let sum = 0;
  for (let index = 0; index < niche.neighbours.length; index++) {
    const side = niche.neighbours[index] ?? 0;
    const other = map.niches[side];
    const miss = ((other?.energy ?? 0.5) - step.energy) / MOOD_WIDTH;
    const pull =
      ((niche.nearness[index] ?? 0) * (step.listener.taste[side] ?? 0) * (other?.weight ?? 0)) /
      (1 + miss * miss);
    sum += pull;
    PULLS[index] = sum;
  }
  const point = random.next() * sum;
  for (let index = 0; index < niche.neighbours.length; index++) {
    if (point < (PULLS[index] ?? 0)) return niche.neighbours[index] ?? step.niche;
  }
  return step.niche;
}

/** Draws by weight, favourite artists more often. */
function drawFrom(map: NicheMap, step: Step, niche: number, random: Random): number {
  const pool = poolFor(map, step, niche, random);
  for (let attempt = 0; ; attempt++) {
    const song = pool.rows[drawCumulative(random, pool.cumulative)] ?? 0;
    const isFavourite = step.listener.favourites.has(map.artistOf[song] ?? 0);
    if (isFavourite || attempt >= 3 || random.chance(0.4)) return song;
  }
}

function poolFor(map: NicheMap, step: Step, niche: number, random: Random): SongPool {
  const { songs, shades } = map.niches[niche] ?? EMPTY_NICHE;
  return random.chance(KEEP_SHADE) ? (shades[step.shade] ?? songs) : songs;
}

/** Digging in the back catalogue: the song that was played least so far. */
function leastPlayed(rows: ArrayLike<number> & Iterable<number>, plays: Uint32Array): number {
  let least = rows[0] ?? 0;
  for (const song of rows) if ((plays[song] ?? 0) < (plays[least] ?? 0)) least = song;
  return least;
}

function sessionLength(listener: Listener, random: Random): number {
  const spread = 0.55 + 0.5 * random.next() + 0.6 * random.next() * random.next();
  const length = Math.round(listener.sessionLength * spread * (random.chance(0.08) ? 1.9 : 1));
  return Math.min(SESSION_LENGTH_MAX, Math.max(SESSION_LENGTH_MIN, length));
}

const MOOD_WIDTH = 0.12;
const RECENT_SONGS = 40;
/** Running sums of one step, kept between calls as a step has no time for allocations. */
const EMPTY_NICHE = {
  songs: { rows: new Int32Array(1), cumulative: new Float64Array(1) },
  shades: [],
};
const PULLS = new Float64Array(16);
