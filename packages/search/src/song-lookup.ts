/**
 * Songs of an index file by id, on a connection of its own and on the calling thread: a song takes
 * microseconds, and in the search thread it would wait behind searches for milliseconds.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CatalogueSong } from "@segue/domain";

import { openIndexForReading } from "./index-file.ts";
import type { Track } from "./track-reader.ts";

export class SongLookup {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #bySong: StatementSync;

  /** Throws when the file is damaged or of another version. */
  constructor(file: string) {
    this.file = file;
    this.#database = openIndexForReading(file);
    this.#bySong = this.#database.prepare(`SELECT song_id, title, artist, album, year, genre,
      seconds, original_id, popularity FROM track WHERE song_id=?`);
  }

  /** In the order of the ids, each once; ids that the file does not have are left out. */
  songsByIds(ids: readonly string[]): ReadonlyMap<string, CatalogueSong> {
    const songs = new Map<string, CatalogueSong>();
    for (const id of ids) {
      if (songs.has(id)) continue;
      const track = this.#bySong.get(id) as unknown as StoredSong | undefined;
      if (track !== undefined) songs.set(id, toCatalogueSong(track));
    }
    return songs;
  }

  close(): void {
    this.#database.close();
  }
}

type StoredSong = Omit<Track, "id" | "folded_title" | "folded_artist">;

function toCatalogueSong(track: StoredSong): CatalogueSong {
  const { song_id: id, title, artist, album, year, genre, seconds, popularity } = track;
  const versionGroup = track.original_id ?? id;
  return { id, title, artist, album, year, genre, seconds, versionGroup, popularity };
}
