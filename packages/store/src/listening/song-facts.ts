/** What is known of heard songs, by number, kept in memory and brought up to date by revision. */
import type { Counts, NameCount, SongCount } from "@segue/statistics/live";
import { compareNames, compareSongs } from "@segue/statistics/live";
import type { ReadConnection } from "../sql/database.ts";
import { NumberCounts } from "./number-counts.ts";

const PAGE_SIZE = 5_000;

interface HeardSong {
  readonly revision: number;
  readonly songId: string | null;
  readonly title: string;
  readonly artist: number;
  readonly genre: number;
}

export class SongFacts {
  readonly #songs: (HeardSong | undefined)[] = [];
  readonly #artists = new Names();
  readonly #genres = new Names();
  #revision = 0;

  async catchUp(connection: ReadConnection): Promise<void> {
    for (;;) {
      const rows = await connection
        .selectFrom("heard_songs")
        .selectAll()
        .where("revision", ">", this.#revision)
        .orderBy("revision")
        .limit(PAGE_SIZE)
        .execute();
      for (const { number, song_id, title, artist, genre, revision } of rows) {
        // Two questions look at once, and the older rows may come last.
        if (revision < (this.#songs[number]?.revision ?? 0)) continue;
        this.#songs[number] = {
          revision,
          songId: song_id,
          title,
          artist: this.#artists.numberOf(artist),
          genre: this.#genres.numberOf(genre ?? ""),
        };
        this.#revision = Math.max(this.#revision, revision);
      }
      if (rows.length < PAGE_SIZE) return;
    }
  }

  /** Tells of a song, by number, whether it has the traits; of those that are known now. */
  matcher({ artist, genre }: SongTraits): (number: number) => boolean {
    if (artist === undefined && genre === undefined) return () => true;
    const by = artist === undefined ? null : this.#artists.find(artist);
    const of = genre === undefined ? null : this.#genres.find(genre);
    // Millions of cells are asked about.
    const matches = new Uint8Array(this.#songs.length);
    for (let number = 0; number < matches.length; number += 1) {
      const song = this.#songs[number];
      const isBy = by === null || (song?.artist ?? 0) === by;
      const isOf = of === null || (song?.genre ?? 0) === of;
      if (isBy && isOf) matches[number] = 1;
    }
    return (number) => matches[number] === 1;
  }

  describe(counts: NumberCounts, limit: number): SongFigures {
    const artists = new NumberCounts();
    const genres = new NumberCounts();
    let songCount = 0;
    for (const number of counts.numbers()) {
      const song = this.#songs[number];
      const plays = counts.playsOf(number);
      const heardMs = counts.heardMsOf(number);
      songCount += 1;
      artists.add(song?.artist ?? 0, plays, heardMs);
      genres.add(song?.genre ?? 0, plays, heardMs);
    }
    return {
      songCount,
      artistCount: [...artists.numbers()].length,
      topSongs: counts
        .leading(limit)
        .map((number) => this.#songCount(number, countsOf(counts, number)))
        .sort(compareSongs)
        .slice(0, limit),
      topArtists: topNames(artists, this.#artists, limit),
      topGenres: topNames(genres, this.#genres, limit),
    };
  }

  /** Most plays first, ties by id; songs without an id are left out. */
  topCatalogueSongs(
    counts: NumberCounts,
    limit: number,
  ): readonly { readonly songId: string; readonly plays: number }[] {
    const inCatalogue = new NumberCounts();
    for (const number of counts.numbers()) {
      const isKnown = (this.#songs[number]?.songId ?? null) !== null;
      if (isKnown) inCatalogue.add(number, counts.playsOf(number), 0);
    }
    return inCatalogue
      .leading(limit)
      .map((number) => ({
        songId: this.#songs[number]?.songId ?? "",
        plays: inCatalogue.playsOf(number),
      }))
      .sort((left, right) => right.plays - left.plays || (left.songId < right.songId ? -1 : 1))
      .slice(0, limit);
  }

  #songCount(number: number, counts: Counts): SongCount {
    const song = this.#songs[number];
    const artist = this.#artists.nameOf(song?.artist ?? 0);
    return { songId: song?.songId ?? null, title: song?.title ?? "", artist, ...counts };
  }
}

/** Undefined: any. */
export interface SongTraits {
  readonly artist?: string;
  /** Empty: not known. */
  readonly genre?: string;
}

export interface SongFigures {
  readonly songCount: number;
  readonly artistCount: number;
  readonly topSongs: readonly SongCount[];
  readonly topArtists: readonly NameCount[];
  readonly topGenres: readonly NameCount[];
}

/** Texts by number, from 0, which is the empty one. */
class Names {
  readonly #names = [""];
  readonly #numbers = new Map([["", 0]]);

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /** Undefined: no song has it. */
  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  nameOf(number: number): string {
    return this.#names[number] ?? "";
  }
}

function topNames(counts: NumberCounts, names: Names, limit: number): readonly NameCount[] {
  return counts
    .leading(limit)
    .map((number) => ({ name: names.nameOf(number), ...countsOf(counts, number) }))
    .sort(compareNames)
    .slice(0, limit);
}

function countsOf(counts: NumberCounts, number: number): Counts {
  return { plays: counts.playsOf(number), heardMs: counts.heardMsOf(number) };
}
