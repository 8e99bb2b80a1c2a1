/** The index file: its tables, its settings, and what it says about itself. */
import { DatabaseSync } from "node:sqlite";

/** Raised with every change of the tables or of the folding; a file of another version is rebuilt. */
export const INDEX_SCHEMA_VERSION = 1;

export interface IndexState {
  /** The source's revision that the file has reached. */
  readonly revision: number;
  readonly songCount: number;
}

/**
 * The row id is the rank by popularity, so that FTS5, which yields rows by id, can stop at the
 * first few: 32 buckets for every doubling of the plays, then the order of arrival.
 */
const BUCKET_MAX = 1023;
const BUCKETS_PER_DOUBLING = 32;
const BUCKET_WIDTH = 2 ** 32;

export function trackIdFor(popularity: number, sequence: number): number {
  return popularityBucket(popularity) * BUCKET_WIDTH + sequence;
}

export function popularityBucket(popularity: number): number {
  const bucket = Math.floor(BUCKETS_PER_DOUBLING * Math.log2(Math.max(0, popularity) + 1));
  return BUCKET_MAX - Math.min(BUCKET_MAX, bucket);
}

/** The bucket in which a row lies. */
export function bucketOfTrack(trackId: number): number {
  return Math.floor(trackId / BUCKET_WIDTH);
}

// contentless_delete lets rows go although the words are stored in the index alone. Prefix index 1
// is for a last word of one letter, which costs 50 ms at a million tracks without it.
const TABLES = `
  CREATE TABLE track (
    id INTEGER PRIMARY KEY,
    song_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    album TEXT,
    year INTEGER,
    genre TEXT,
    seconds REAL,
    original_id TEXT,
    popularity REAL NOT NULL,
    folded_title TEXT NOT NULL,
    folded_artist TEXT NOT NULL
  );
  CREATE VIRTUAL TABLE words USING fts5(
    title, artist, content='', contentless_delete=1, prefix='1 2 3 4',
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
  );
  CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, song_count INTEGER NOT NULL);
  CREATE TABLE index_state (
    revision INTEGER NOT NULL,
    song_count INTEGER NOT NULL,
    next_sequence INTEGER NOT NULL
  );
`;

/** An empty index for filling in one go: unsafe against a crash, as a half-built file is thrown away. */
export function createIndexFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-131072;`);
  database.exec(TABLES);
  return database;
}

export function openIndexForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  return closedOnError(database, () => {
    // A reader with an older snapshot holds nobody up in WAL mode; another writer may, for a moment.
    database.exec("PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;");
    assertVersion(database, file);
  });
}

export function openIndexForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true });
  return closedOnError(database, () => {
    database.exec(
      "PRAGMA mmap_size=2147483648; PRAGMA cache_size=-65536; PRAGMA query_only=1; PRAGMA busy_timeout=1000;",
    );
    assertVersion(database, file);
  });
}

export function readIndexState(database: DatabaseSync): IndexState {
  const row = database.prepare("SELECT revision, song_count FROM index_state").get();
  if (row === undefined) throw new Error("The index does not say what it holds.");
  return {
    revision: Number(row["revision"]),
    songCount: Number(row["song_count"]),
  };
}

/** Whether an error says that the file itself is broken (https://sqlite.org/rescode.html). */
export function isDamage(error: unknown): boolean {
  const SQLITE_CORRUPT = 11;
  const SQLITE_NOTADB = 26;
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  const primaryCode = Number(error.errcode) & 0xff;
  return primaryCode === SQLITE_CORRUPT || primaryCode === SQLITE_NOTADB;
}

function closedOnError(database: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function assertVersion(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version !== INDEX_SCHEMA_VERSION) {
    throw new Error(
      `${file} is a search index of version ${version}, not ${INDEX_SCHEMA_VERSION}.`,
    );
  }
}
