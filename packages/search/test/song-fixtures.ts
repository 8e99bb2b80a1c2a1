/** A small catalogue of names that are hard to find, and ways to index songs for a test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CatalogueSong } from "@segue/domain";
import { AppError } from "@segue/errors";

import { createIndexBuilder } from "../src/index-writer.ts";
import type { SongSource } from "../src/song-source.ts";

let nextId = 1;

/** A song with only what search looks at. */
export function songOf(
  title: string,
  artist: string,
  popularity = 10,
  fields: Partial<CatalogueSong> = {},
): CatalogueSong {
  const id = fields.id ?? `song-${nextId++}`;
  return {
    id,
    title,
    artist,
    album: null,
    year: null,
    genre: null,
    seconds: null,
    versionGroup: id,
    popularity,
    ...fields,
  };
}

const HARD_NAMES: readonly (readonly [title: string, artist: string, popularity: number])[] = [
  ["One", "U2", 40],
  ["One", "Metallica", 60],
  ["One U2 Medley", "Tribute Band", 96],
  ["One More Time", "Daft Punk", 90],
  ["One Love", "Bob Marley & The Wailers", 80],
  ["With or Without You", "U2", 85],
  ["Heart of Hearts", "!!!", 5],
  ["Praise The Lord", "A$AP Rocky", 50],
  ["So What", "P!nk", 55],
  ["Pink Moon", "Nick Drake", 45],
  ["Thunderstruck", "AC/DC", 88],
  ["TiK ToK", "Ke$ha", 70],
  ["Halo", "Beyoncé", 92],
  ["Hoppípolla", "Sigur Rós", 30],
  ["Ace of Spades", "Motörhead", 60],
  ["Army of Me", "Björk", 35],
  ["Another Brick in the Wall, Pt. 2", "Pink Floyd", 90],
  ["The Wall", "Kansas", 12],
  ["Hello World", "Lady Antebellum", 20],
  ["Helloworld", "Bump of Chicken", 8],
  ["Yesterday", "The Beatles", 93],
  ["Yesterday Once More", "The Carpenters", 75],
  ["All Too Well", "Taylor Swift", 80],
  ["Bohemian Rhapsody", "Queen", 97],
  ["Killer Queen", "Queen", 70],
  ["Dancing Queen", "ABBA", 95],
  ["夜に駆ける", "YOASOBI", 66],
  ["上を向いて歩こう", "坂本九", 33],
  ["봄날", "BTS", 64],
  ["Losing My Religion", "R.E.M.", 77],
  ["Sweet Child O' Mine", "Guns N' Roses", 94],
  ["The Boxer", "Simon & Garfunkel", 60],
  ["÷", "Ed Sheeran", 3],
  ["La La La", "Naughty Boy", 44],
  ["The Dark Side of the Moon", "Voices on the Dark Side", 6],
  ["तुम ही हो", "Arijit Singh", 50],
  ["Катюша", "Народная", 25],
];

export function hardNames(): CatalogueSong[] {
  return HARD_NAMES.map(([title, artist, popularity]) => songOf(title, artist, popularity));
}

/** A folder of its own, and how to remove it. */
export function temporaryDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "segue-search-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Builds an index on this thread. */
export function indexSongs(file: string, songs: readonly CatalogueSong[], revision = 1): void {
  const builder = createIndexBuilder(file);
  builder.write(songs);
  builder.finish(revision);
}

/** A catalogue in memory that keeps revisions, and can be away, as the store does. */
export class MemorySource implements SongSource {
  readonly #songs = new Map<string, { song: CatalogueSong; revision: number }>();
  #revision = 0;
  #isAway = false;
  /** Calls while it was away. */
  refusedCount = 0;

  goAway(): void {
    this.#isAway = true;
  }

  comeBack(): void {
    this.#isAway = false;
  }

  put(songs: readonly CatalogueSong[]): void {
    this.#revision += 1;
    for (const song of songs) this.#songs.set(song.id, { song, revision: this.#revision });
  }

  remove(id: string): void {
    this.#revision += 1;
    this.#songs.delete(id);
  }

  currentRevision(): Promise<number> {
    if (this.#isAway) {
      this.refusedCount += 1;
      return Promise.reject(new AppError("STORE_UNAVAILABLE", "The database is away."));
    }
    return Promise.resolve(this.#revision);
  }

  songCount(): Promise<number> {
    return Promise.resolve(this.#songs.size);
  }

  iterateSongs(): AsyncGenerator<CatalogueSong[]> {
    return this.changedSince(-1);
  }

  async *changedSince(revision: number): AsyncGenerator<CatalogueSong[]> {
    const changed = [...this.#songs.values()].filter((stored) => stored.revision > revision);
    for (let start = 0; start < changed.length; start += 500) {
      // As a database would, this lets others run between batches.
      yield await Promise.resolve(changed.slice(start, start + 500).map(({ song }) => song));
    }
  }
}
