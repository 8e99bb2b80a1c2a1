/** The tables as Kysely sees them. Migrations create them; times are unix milliseconds. */

export interface CounterTable {
  name:
    | "songs"
    | "plays"
    | "play_notes"
    | "sessions"
    | "promotions"
    /** Notes ever written; rises with every change of any play. */
    | "listening_notes"
    /** Rises with every settlement of notes. */
    | "listening"
    | "heard_songs"
    /** Rises when the catalogue says something else of songs that were heard. */
    | "song_facts"
    | "listeners"
    /** Version of the rules by which the aggregates are made; 0: there are none yet. */
    | "listening_rules"
    /** Plays stored before the aggregates were: up to which sequence they are noted, and the last. */
    | "listening_fill"
    | "listening_fill_end";
  value: number;
}

/** What is known of a song: wide rows that change seldom. */
export interface SongTable {
  id: string;
  title: string;
  artist: string;
  album: string | null;
  year: number | null;
  genre: string | null;
  seconds: number | null;
  version_group: string;
  /** `songIdFor(artist, title)`: finds the song by name, whatever its id. */
  name_key: string;
}

/** Where a song stands, one narrow row each, as plays change many of them at once. */
export interface SongStandingTable {
  song_id: string;
  /** The catalogue's own figure plus `play_count`. */
  popularity: number;
  /** Plays and counted sessions stored here and settled; part of `popularity`, so it can be retracted. */
  play_count: number;
  /** Of the last change to this row or to the song's. */
  revision: number;
}

export interface PlayTable {
  /** Order of arrival. */
  sequence: number;
  /** Digest of user and key, so that a batch is looked up by one column. */
  identity: string;
  user_name: string;
  play_key: string;
  song_id: string | null;
  title: string | null;
  artist: string | null;
  /** Start of the play. */
  played_at: number;
  /** As heard, fractions and all. */
  seconds: number | null;
  /** A session that the source of the play named; null: sessions split at a pause. */
  session_name: string | null;
}

/** Plays of a song that its `play_count` does not hold yet; negative ones take plays back. */
export interface PlayNoteTable {
  sequence: number;
  song_id: string;
  plays: number;
}

/** A play that the aggregates do not hold yet, or, with -1, one that they hold and that is gone. */
export interface ListeningNoteTable {
  sequence: number;
  user_name: string;
  song_id: string | null;
  /** Of songs without an id. */
  title: string | null;
  artist: string | null;
  played_at: number;
  heard_ms: number;
  plays: number;
}

export interface HeardSongTable {
  number: number;
  identity: string;
  song_id: string | null;
  title: string;
  artist: string;
  genre: string | null;
  /** Of the last change to the row. */
  revision: number;
}

export interface ListenerTable {
  number: number;
  user_name: string;
  plays: number;
  heard_ms: number;
  /** The settlement that last changed this user's figures. */
  revision: number;
}

/** Everybody's counts of one kind in one period. */
export interface ListeningTallyTable {
  kind: string;
  /** Days, months or years since 1970, by the kind. */
  period: number;
  content: Uint8Array;
}

/** One user's plays of one month. */
export interface ListeningJournalTable {
  listener: number;
  /** Since January 1970. */
  month: number;
  content: Uint8Array;
}

export interface SessionTable {
  sequence: number;
  id: string;
  user_name: string | null;
  started_at: number;
  /** JSON array of song ids in the order heard. */
  song_ids: string;
  source: "imported" | "simulated";
  /** 1 when its songs are part of `songs.play_count`. */
  is_counted: number;
}

/** Weights on their way in or registered; only those that a `models` row names are visible. */
export interface ModelUploadTable {
  id: string;
  touched_at: number;
}

export interface ModelChunkTable {
  upload_id: string;
  chunk_index: number;
  sha256: string;
  content: Uint8Array;
}

export interface ModelTable {
  version: string;
  upload_id: string;
  manifest: string;
  size_bytes: number;
  chunk_bytes: number;
  sha256: string;
  registered_at: number;
}

export interface PromotionTable {
  sequence: number;
  version: string;
  promoted_at: number;
  rolled_back_at: number | null;
}

export interface ReceiptTable {
  request_id: string;
  user_name: string | null;
  created_at: number;
  body: Uint8Array;
}

export interface LogEntryTable {
  topic: string;
  topic_partition: number;
  entry_offset: number;
  record_key: string;
  record_value: Uint8Array;
  /** JSON object. */
  headers: string;
  timestamp_ms: number;
}

export interface LogEndTable {
  topic: string;
  topic_partition: number;
  next_offset: number;
}

export interface LogCommitTable extends LogEndTable {
  group_name: string;
}

export interface MigrationTable {
  number: number;
  name: string;
  checksum: string;
  applied_at: number;
}

export interface Tables {
  counters: CounterTable;
  songs: SongTable;
  song_standings: SongStandingTable;
  plays: PlayTable;
  play_notes: PlayNoteTable;
  listening_notes: ListeningNoteTable;
  heard_songs: HeardSongTable;
  listeners: ListenerTable;
  listening_tallies: ListeningTallyTable;
  listening_journals: ListeningJournalTable;
  sessions: SessionTable;
  model_uploads: ModelUploadTable;
  model_chunks: ModelChunkTable;
  models: ModelTable;
  model_promotions: PromotionTable;
  receipts: ReceiptTable;
  log_entries: LogEntryTable;
  log_ends: LogEndTable;
  log_commits: LogCommitTable;
  schema_migrations: MigrationTable;
}
