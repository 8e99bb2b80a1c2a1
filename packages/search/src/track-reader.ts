/** The few statements that a search consists of, each of which ends at its first rows. */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A row of the index: the song and what it is ranked by. */
export interface Track {
  readonly id: number;
  readonly song_id: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly year: number | null;
  readonly genre: string | null;
  readonly seconds: number | null;
  /** The song that this one is a version of, or null. */
  readonly original_id: string | null;
  readonly popularity: number;
  readonly folded_title: string;
  readonly folded_artist: string;
}

export class TrackReader {
  readonly #byTitle: StatementSync;
  readonly #bySong: StatementSync;
  readonly #matching: StatementSync;
  readonly #termFrom: StatementSync;

  constructor(database: DatabaseSync) {
    this.#byTitle = database.prepare(
      "SELECT * FROM track WHERE folded_title=? ORDER BY id LIMIT ?",
    );
    this.#bySong = database.prepare("SELECT * FROM track WHERE song_id=?");
    // CROSS JOIN and the order by the word index's own row id: with a plain join, or ordered by
    // track.id, SQLite sorts all matches in a temporary tree before it yields the first.
    this.#matching = database.prepare(`SELECT track.* FROM words CROSS JOIN track
      ON track.id=words.rowid WHERE words MATCH ? ORDER BY words.rowid LIMIT ?`);
    this.#termFrom = database.prepare("SELECT text FROM term WHERE text>=? ORDER BY text LIMIT 1");
  }

  /** Tracks of exactly this folded title, most popular first. */
  byTitle(foldedTitle: string, limit: number): Track[] {
    return this.#byTitle.all(foldedTitle, limit) as unknown as Track[];
  }

  bySong(songId: string): Track | undefined {
    return this.#bySong.get(songId) as unknown as Track | undefined;
  }

  /** Tracks that match an FTS5 expression of quoted words, most popular first. */
  matching(expression: string, limit: number): Track[] {
    return this.#matching.all(expression, limit) as unknown as Track[];
  }

  hasWord(word: string): boolean {
    return this.#termFrom.get(word)?.["text"] === word;
  }

  hasWordStartingWith(beginning: string): boolean {
    const term = this.#termFrom.get(beginning)?.["text"];
    return typeof term === "string" && term.startsWith(beginning);
  }
}
