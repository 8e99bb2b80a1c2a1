/**
 * The hidden map that simulated listeners walk on: niches of a few dozen songs of one genre, one
 * time and one temper, with roads between neighbouring niches. docs/demo-data.md tells the design.
 */

import type { DemoSong } from "./catalogue.ts";
import { type GenreTraits, genreTraitsFor } from "./genres.ts";
import { createRandom, toCumulative, traitOf } from "./random.ts";

export interface Niche {
  readonly genre: string;
  readonly scene: string;
  /** Mean of its songs' years. */
  readonly year: number;
  /** 0 calm to 1 wild. */
  readonly energy: number;
  readonly songs: SongPool;
  /** The same songs by shade; a shade that has too few here stands for all. */
  readonly shades: readonly SongPool[];
  /** Sum of its songs' weights: how much of all listening it draws. */
  readonly weight: number;
  /** Nearest niches, itself first, with their nearness (0 to 1). */
  readonly neighbours: Int32Array;
  readonly nearness: Float64Array;
}

/** Rows in the map's song order, with running sums of their weights. */
export interface SongPool {
  readonly rows: Int32Array;
  readonly cumulative: Float64Array;
}

export interface NicheMap {
  /** Songs by id; every row below points into this order. */
  readonly songs: readonly DemoSong[];
  readonly niches: readonly Niche[];
  /** Rows of each scene. */
  readonly scenes: ReadonlyMap<string, Int32Array>;
  /** Niche of each song. */
  readonly nicheOf: Int32Array;
  /** Row of the song that leads each song's version group. */
  readonly groupOf: Int32Array;
  /** How much of all listening each song draws, before taste. */
  readonly weights: Float64Array;
  /** Number of each song's artist, and each artist's songs in the order of their albums. */
  readonly artistOf: Int32Array;
  readonly songsOfArtist: readonly SongPool[];
  /** The two songs that often follow each song. */
  readonly followers: Int32Array;
}

/** A shade is a flavour of sound across genres: an artist has one, a session keeps to one. */
export const SHADE_COUNT = 5;
const SHADE_SONGS_MIN = 5;
const FOLLOWERS_PER_SONG = 2;
const NICHE_SIZE = 42;
const NEIGHBOURS_MAX = 14;

/** Draws the map; the same seed and catalogue (in any order) give the same map. */
export function createNicheMap(seed: number, catalogue: readonly DemoSong[]): NicheMap {
  const songs = [...catalogue].sort((a, b) => (a.id < b.id ? -1 : 1));
  const weights = Float64Array.from(songs, (song) => songWeight(seed, song));
  const artists = groupByArtist(songs, weights);
  const years = estimatedYears(songs, artists.songsOfArtist);
  const nicheOf = new Int32Array(songs.length);
  const drafts = draftNiches(seed, songs, years);
  for (const [index, draft] of drafts.entries())
    for (const song of draft.songs) nicheOf[song] = index;
  const niches = drafts.map((draft) => {
    const all = poolOf(draft.songs, weights);
    const shades = Array.from({ length: SHADE_COUNT }, (_, shade) =>
      draft.songs.filter((row) => shadeOf(seed, songs[row]) === shade),
    );
    return {
      ...draft,
      songs: all,
      shades: shades.map((rows) => (rows.length < SHADE_SONGS_MIN ? all : poolOf(rows, weights))),
      weight: all.cumulative[all.cumulative.length - 1] ?? 0,
      ...neighboursOf(draft, drafts),
    };
  });
  const followers = drawFollowers(seed, niches, nicheOf, artists.artistOf);
  const scenes = new Map(
    [...new Set(niches.map(({ scene }) => scene))].map((scene) => [
      scene,
      Int32Array.from(
        niches.flatMap((niche) => (niche.scene === scene ? [...niche.songs.rows] : [])),
      ),
    ]),
  );
  const rowOf = new Map(songs.map(({ id }, row) => [id, row]));
  const groupOf = Int32Array.from(songs, ({ versionGroup }, row) => rowOf.get(versionGroup) ?? row);
  return { songs, niches, scenes, nicheOf, groupOf, weights, ...artists, followers };
}

interface NicheDraft {
  readonly genre: string;
  readonly scene: string;
  readonly traits: GenreTraits;
  readonly year: number;
  readonly energy: number;
  readonly songs: readonly number[];
}

/** Famous songs first, Zipf-like; the rest by a trait of the artist and one of the song. */
function songWeight(seed: number, song: DemoSong): number {
  const mixed =
    0.6 * traitOf(seed, "artist-weight", song.artist) + 0.4 * traitOf(seed, "song-weight", song.id);
  const ordinary = 8 + 26 * mixed * mixed;
  const version = song.versionGroup === song.id ? 1 : 0.7;
  if (song.fameRank === null) return ordinary * version;
  return 30 + 2600 / (song.fameRank + 8) ** 0.5;
}

function poolOf(rows: readonly number[], weights: Float64Array): SongPool {
  return {
    rows: Int32Array.from(rows),
    cumulative: toCumulative(rows.map((row) => weights[row] ?? 0)),
  };
}

/** Most songs have their artist's shade, some their own. */
function shadeOf(seed: number, song: DemoSong | undefined): number {
  if (song === undefined) return 0;
  const own = traitOf(seed, "song-shade", song.id);
  const trait = own < 0.15 ? own / 0.15 : traitOf(seed, "artist-shade", song.artist);
  return Math.floor(trait * SHADE_COUNT);
}

function groupByArtist(
  songs: readonly DemoSong[],
  weights: Float64Array,
): Pick<NicheMap, "artistOf" | "songsOfArtist"> {
  const numbers = new Map<string, number>();
  const artistOf = new Int32Array(songs.length);
  const lists: number[][] = [];
  for (const [row, song] of songs.entries()) {
    const artist = numbers.get(song.artist) ?? lists.length;
    if (artist === lists.length) {
      numbers.set(song.artist, artist);
      lists.push([]);
    }
    artistOf[row] = artist;
    lists[artist]?.push(row);
  }
  const key = (row: number): string => {
    const song = songs[row];
    return `${song?.year ?? 9999}|${song?.album ?? ""}|${song?.id ?? ""}`;
  };
  for (const list of lists) list.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { artistOf, songsOfArtist: lists.map((list) => poolOf(list, weights)) };
}

/** A song without a year stands where its artist's other songs stand, else where its genre does. */
function estimatedYears(
  songs: readonly DemoSong[],
  songsOfArtist: readonly SongPool[],
): Float64Array {
  const byGenre = new Map<string, number[]>();
  for (const { genre, year } of songs) {
    if (year === null) continue;
    const known = byGenre.get(genre) ?? [];
    known.push(year);
    byGenre.set(genre, known);
  }
  const genreMedians = new Map([...byGenre].map(([genre, known]) => [genre, median(known)]));
  const years = Float64Array.from(
    songs,
    (song) => song.year ?? genreMedians.get(song.genre) ?? 1990,
  );
  for (const { rows } of songsOfArtist) {
    const known = [...rows].map((row) => songs[row]?.year ?? null).filter((year) => year !== null);
    if (known.length === 0) continue;
    const middle = median(known);
    for (const row of rows) if (songs[row]?.year === null) years[row] = middle;
  }
  return years;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/** Cuts each genre into spans of years, and each span by the temper of its artists. */
function draftNiches(seed: number, songs: readonly DemoSong[], years: Float64Array): NicheDraft[] {
  const byGenre = new Map<string, number[]>();
  for (const [row, { genre }] of songs.entries()) {
    const rows = byGenre.get(genre) ?? [];
    rows.push(row);
    byGenre.set(genre, rows);
  }
  const temper = Float64Array.from(
    songs,
    ({ artist, genre }) => traitOf(seed, "temper", artist, genre) - 0.5,
  );
  const byYear = (a: number, b: number): number => (years[a] ?? 0) - (years[b] ?? 0) || a - b;
  const byTemper = (a: number, b: number): number => (temper[a] ?? 0) - (temper[b] ?? 0) || a - b;
  const drafts: NicheDraft[] = [];
  for (const genre of [...byGenre.keys()].sort()) {
    const rows = byGenre.get(genre) ?? [];
    const traits = genreTraitsFor(genre) ?? UNKNOWN_GENRE;
    const count = Math.max(1, Math.round(rows.length / NICHE_SIZE));
    const spans = Math.max(1, Math.round(Math.sqrt(count)));
    for (const span of cut(rows.sort(byYear), spans)) {
      for (const members of cut(span.sort(byTemper), Math.round(count / spans))) {
        drafts.push({
          genre,
          scene: traits.scene,
          traits,
          year: mean(members, years),
          energy: traits.energy + TEMPER_SPREAD * mean(members, temper),
          songs: members.sort((a, b) => a - b),
        });
      }
    }
  }
  return drafts;
}

/** Cuts a list into parts of nearly equal length. */
function cut(rows: readonly number[], parts: number): number[][] {
  return Array.from({ length: Math.max(1, parts) }, (_, part) =>
    rows.slice(
      Math.round((part * rows.length) / parts),
      Math.round(((part + 1) * rows.length) / parts),
    ),
  ).filter((part) => part.length > 0);
}

function mean(rows: readonly number[], values: Float64Array): number {
  return rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / rows.length;
}

function neighboursOf(
  draft: NicheDraft,
  all: readonly NicheDraft[],
): Pick<Niche, "neighbours" | "nearness"> {
  const ranked = all
    .map((other, index) => ({ index, nearness: other === draft ? 1 : nearnessOf(draft, other) }))
    .filter(({ nearness }) => nearness > 0.002)
    .sort((a, b) => b.nearness - a.nearness || a.index - b.index)
    .slice(0, NEIGHBOURS_MAX);
  return {
    neighbours: Int32Array.from(ranked, ({ index }) => index),
    nearness: Float64Array.from(ranked, ({ nearness }) => nearness),
  };
}

function nearnessOf(a: NicheDraft, b: NicheDraft): number {
  const genre = genreNearness(a, b);
  if (genre === 0) return 0;
  const years = (a.year - b.year) / 9;
  const energy = (a.energy - b.energy) / 0.22;
  return genre / (1 + years * years) / (1 + energy * energy);
}

function genreNearness(a: NicheDraft, b: NicheDraft): number {
  if (a.genre === b.genre) return 0.6;
  if (a.traits.near.includes(b.genre) || b.traits.near.includes(a.genre)) return 0.3;
  return a.scene === b.scene ? 0.06 : 0;
}

/** Follower songs come from the song's own niche or the next one, rarely from the same artist. */
function drawFollowers(
  seed: number,
  niches: readonly Niche[],
  nicheOf: Int32Array,
  artistOf: Int32Array,
): Int32Array {
  const followers = new Int32Array(nicheOf.length * FOLLOWERS_PER_SONG);
  const random = createRandom(seed, "followers");
  for (let row = 0; row < nicheOf.length; row++) {
    const own = niches[nicheOf[row] ?? 0];
    for (let slot = 0; slot < FOLLOWERS_PER_SONG; slot++) {
      const side = own?.neighbours[slot === 0 ? 0 : Math.min(1, own.neighbours.length - 1)] ?? 0;
      const candidates = niches[side]?.songs.rows ?? new Int32Array();
      let follower = candidates[random.below(candidates.length)] ?? row;
      if (artistOf[follower] === artistOf[row])
        follower = candidates[random.below(candidates.length)] ?? row;
      followers[row * FOLLOWERS_PER_SONG + slot] = follower;
    }
  }
  return followers;
}

const TEMPER_SPREAD = 0.35;
const UNKNOWN_GENRE: GenreTraits = { scene: "pop", energy: 0.5, near: ["pop"] };
