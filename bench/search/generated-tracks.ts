/** A catalogue of any size, the same for the same size: names of the demo catalogue, recombined. */

import { loadCatalogue } from "../../packages/demo/src/index.ts";
import type { CatalogueSong } from "../../packages/domain/src/index.ts";
import type { SongSource } from "../../packages/search/src/index.ts";
import { type Random, seededRandom } from "../../packages/search/test/typing-errors.ts";

const BATCH_SIZE = 2000;
const SONGS_PER_ARTIST = 12;
const VERSION_NAMES = ["Live", "Remix", "Remastered", "Acoustic", "Radio Edit"];

export class GeneratedTracks implements SongSource {
  readonly count: number;
  readonly #titles: readonly string[];
  readonly #artists: readonly string[];
  /** Words as often as they occur, so that drawing one follows their frequency. */
  readonly #titleWords: readonly string[];
  readonly #artistWords: readonly string[];

  constructor(count: number) {
    const songs = loadCatalogue();
    this.count = count;
    this.#titles = songs.map(({ title }) => title);
    this.#artists = [...new Set(songs.map(({ artist }) => artist))];
    this.#titleWords = this.#titles.flatMap((title) => title.split(" "));
    this.#artistWords = this.#artists.flatMap((artist) => artist.split(" "));
  }

  /** Any track by its number, without the ones before it. */
  at(index: number): CatalogueSong {
    const random = seededRandom(Math.imul(index + 1, 0x9e3779b1));
    const id = `track-${index}`;
    return {
      id,
      title: this.#titleOf(index, random),
      artist: this.#artistOf(Math.floor((random() * this.count) / SONGS_PER_ARTIST)),
      album: this.#titles[Math.floor(random() * this.#titles.length)] ?? null,
      year: 1950 + Math.floor(random() * 75),
      genre: "pop",
      seconds: 120 + Math.floor(random() * 240),
      versionGroup: id,
      popularity: zipfPlays(random, this.count),
    };
  }

  currentRevision(): Promise<number> {
    return Promise.resolve(1);
  }

  songCount(): Promise<number> {
    return Promise.resolve(this.count);
  }

  async *iterateSongs(): AsyncGenerator<CatalogueSong[]> {
    for (let start = 0; start < this.count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, this.count - start);
      yield await Promise.resolve(Array.from({ length: size }, (_, at) => this.at(start + at)));
    }
  }

  async *changedSince(): AsyncGenerator<CatalogueSong[]> {
    // Nothing changes while a benchmark runs.
  }

  #titleOf(index: number, random: Random): string {
    const real = this.#titles[index];
    if (real !== undefined) return real;
    const kind = random();
    const drawn = this.#titles[Math.floor(random() * this.#titles.length)] ?? "";
    if (kind < 0.1) return drawn;
    if (kind < 0.2) return `${drawn} - ${draw(VERSION_NAMES, random)}`;
    const length = 1 + Math.floor(random() * 4);
    const words = Array.from({ length }, () => draw(this.#titleWords, random));
    if (kind < 0.3) words[0] = inventWord(this.#titleWords, random);
    return words.join(" ");
  }

  #artistOf(number: number): string {
    const real = this.#artists[number];
    if (real !== undefined) return real;
    const random = seededRandom(Math.imul(number + 1, 0x85ebca6b));
    const first =
      random() < 0.5 ? inventWord(this.#artistWords, random) : draw(this.#artistWords, random);
    return `${first} ${draw(this.#artistWords, random)}`;
  }
}

function draw(words: readonly string[], random: Random): string {
  return words[Math.floor(random() * words.length)] ?? "";
}

/** A word that nobody wrote yet: the beginning of one and the end of another. */
function inventWord(words: readonly string[], random: Random): string {
  const beginning = draw(words, random);
  const end = draw(words, random);
  return (
    beginning.slice(0, Math.ceil(beginning.length / 2)) + end.slice(Math.floor(end.length / 2))
  );
}

function zipfPlays(random: Random, count: number): number {
  const rank = 1 + Math.floor(random() * count);
  return Math.floor((20 * count) / rank ** 0.8);
}
