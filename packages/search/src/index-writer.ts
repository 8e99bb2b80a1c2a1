/** Fills an index file and keeps it up to date. Synchronous; runs in a thread of its own. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CatalogueSong } from "@segue/domain";

import { foldName } from "./fold-name.ts";
import {
  bucketOfTrack,
  createIndexFile,
  INDEX_SCHEMA_VERSION,
  openIndexForWriting,
  popularityBucket,
  trackIdFor,
} from "./index-file.ts";

export interface IndexWriter {
  /** New songs and changed ones; one transaction, so its length bounds how long others wait. */
  write(songs: readonly CatalogueSong[]): void;
  /** Completes the file, which has then reached this revision of its source. */
  finish(revision: number): void;
  /** Leaves an updated file as its last songs left it; removes one under construction. */
  abandon(): void;
}

/**
 * Builds `file` from nothing, under another name until `finish`. The words go in last, in the
 * order of the row ids: FTS5 writes one ascending run several times faster than a mixed one.
 */
export function createIndexBuilder(file: string): IndexWriter {
  const partFile = `${file}.part`;
  rmSync(partFile, { force: true });
  const database = createIndexFile(partFile);
  // Replaces, as a song that changes while the source is read may come twice.
  const insert = database.prepare(`INSERT OR REPLACE INTO track ${TRACK_VALUES}`);
  let sequence = 0;
  database.exec("BEGIN");
  return {
    write(songs) {
      for (const song of songs) {
        insertTrack(insert, song, sequence, foldedNamesOf(song));
        sequence += 1;
      }
    },
    finish(revision) {
      database.exec(FILL_WORDS);
      database
        .prepare("INSERT INTO index_state SELECT ?, count(*), ? FROM track")
        .run(revision, sequence);
      database.exec(
        `COMMIT; PRAGMA user_version=${INDEX_SCHEMA_VERSION}; PRAGMA journal_mode=WAL;`,
      );
      database.close();
      flushToDisk(partFile);
      renameSync(partFile, file);
    },
    abandon() {
      database.close();
      rmSync(partFile, { force: true });
    },
  };
}

/** Changes a complete index, while others read it. */
export function createIndexUpdater(file: string): IndexWriter {
  const database = openIndexForWriting(file);
  const statements = prepareUpdates(database);
  return {
    write(songs) {
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const song of songs) putSong(statements, song);
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    finish(revision) {
      statements.reach.run(revision);
      database.close();
    },
    abandon() {
      database.close();
    },
  };
}

interface FoldedNames {
  readonly title: string;
  readonly artist: string;
}

const TRACK_VALUES = `(id, song_id, title, artist, album, year, genre, seconds, original_id,
  popularity, folded_title, folded_artist) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`;

const FILL_WORDS = `
  CREATE INDEX track_by_title ON track(folded_title);
  INSERT INTO words(rowid, title, artist) SELECT id, folded_title, folded_artist FROM track ORDER BY id;
  INSERT INTO words(words) VALUES('optimize');
  CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row);
  INSERT INTO term(text, song_count) SELECT term, doc FROM temp.vocabulary;
  DROP TABLE temp.vocabulary;
`;

function foldedNamesOf(song: CatalogueSong): FoldedNames {
  return { title: foldName(song.title), artist: foldName(song.artist) };
}

function insertTrack(
  insert: StatementSync,
  song: CatalogueSong,
  sequence: number,
  folded: FoldedNames,
): number {
  const trackId = trackIdFor(song.popularity, sequence);
  const originalId = song.versionGroup === song.id ? null : song.versionGroup;
  insert.run(
    trackId,
    song.id,
    song.title,
    song.artist,
    song.album,
    song.year,
    song.genre,
    song.seconds,
    originalId,
    song.popularity,
    folded.title,
    folded.artist,
  );
  return trackId;
}

function flushToDisk(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

type UpdateStatements = ReturnType<typeof prepareUpdates>;

function prepareUpdates(database: DatabaseSync) {
  return {
    find: database.prepare("SELECT id, folded_title, folded_artist FROM track WHERE song_id=?"),
    amend: database.prepare(`UPDATE track SET title=?, artist=?, album=?, year=?, genre=?,
      seconds=?, original_id=?, popularity=? WHERE id=?`),
    insert: database.prepare(`INSERT INTO track ${TRACK_VALUES}`),
    insertWords: database.prepare("INSERT INTO words(rowid, title, artist) VALUES (?,?,?)"),
    insertTerm: database.prepare("INSERT OR IGNORE INTO term(text, song_count) VALUES (?, 1)"),
    remove: database.prepare("DELETE FROM track WHERE id=?"),
    removeWords: database.prepare("DELETE FROM words WHERE rowid=?"),
    takeSequence: database.prepare(`UPDATE index_state SET next_sequence=next_sequence+1,
      song_count=song_count+1 RETURNING next_sequence-1 AS sequence`),
    countRemoved: database.prepare("UPDATE index_state SET song_count=song_count-1"),
    reach: database.prepare("UPDATE index_state SET revision=?"),
  };
}

function putSong(statements: UpdateStatements, song: CatalogueSong): void {
  const folded = foldedNamesOf(song);
  const row = statements.find.get(song.id);
  const isInPlace =
    row !== undefined &&
    row["folded_title"] === folded.title &&
    row["folded_artist"] === folded.artist &&
    bucketOfTrack(Number(row["id"])) === popularityBucket(song.popularity);
  if (isInPlace) {
    amendTrack(statements.amend, song, Number(row["id"]));
    return;
  }
  if (row !== undefined) removeTrack(statements, Number(row["id"]));
  const sequence = Number(statements.takeSequence.get()?.["sequence"]);
  const trackId = insertTrack(statements.insert, song, sequence, folded);
  statements.insertWords.run(trackId, folded.title, folded.artist);
  for (const word of `${folded.title} ${folded.artist}`.split(" ")) {
    if (word !== "") statements.insertTerm.run(word);
  }
}

function amendTrack(amend: StatementSync, song: CatalogueSong, trackId: number): void {
  amend.run(
    song.title,
    song.artist,
    song.album,
    song.year,
    song.genre,
    song.seconds,
    song.versionGroup === song.id ? null : song.versionGroup,
    song.popularity,
    trackId,
  );
}

function removeTrack(statements: UpdateStatements, trackId: number): void {
  statements.remove.run(trackId);
  statements.removeWords.run(trackId);
  statements.countRemoved.run();
}
