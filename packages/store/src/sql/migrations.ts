import type { ColumnTypes, SqlDialect } from "./dialect.ts";

export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}

/** Forward only: a released migration is never edited (its checksum is stored), a new one is added. */
export function migrationsFor(dialect: SqlDialect): readonly Migration[] {
  return [
    { number: 1, name: "foundation", statements: foundation(dialect) },
    { number: 2, name: "listening", statements: liveStatistics(dialect) },
    { number: 3, name: "song-facts", statements: songFacts() },
  ];
}

type CreateTable = (name: string, ...lines: string[]) => string;

function tablesOf(dialect: SqlDialect): CreateTable {
  return (name, ...lines) =>
    `create table ${name} (\n  ${lines.join(",\n  ")}\n)${dialect.tableOptions}`;
}

function foundation(dialect: SqlDialect): readonly string[] {
  const table = tablesOf(dialect);
  const types = dialect.columnTypes;
  return [
    ...catalogue(table, types, dialect.clusteredTableOptions),
    ...listening(table, types),
    ...models(table, types),
    ...receiptsAndLog(table, types),
  ];
}

function catalogue(
  table: CreateTable,
  { id, text, integer }: ColumnTypes,
  clustered: string,
): readonly string[] {
  return [
    table("counters", `name ${id} not null primary key`, `value ${integer} not null`),
    "insert into counters (name, value) values ('songs', 0), ('plays', 0), ('play_notes', 0), ('sessions', 0), ('promotions', 0)",
    table(
      "songs",
      `id ${id} not null primary key`,
      `title ${text} not null`,
      `artist ${text} not null`,
      `album ${text}`,
      `year ${integer}`,
      `genre ${text}`,
      `seconds ${integer}`,
      `version_group ${id} not null`,
      `name_key ${id} not null`,
    ),
    "create index songs_by_name on songs (name_key)",
    table(
      "song_standings",
      `song_id ${id} not null primary key`,
      `popularity ${integer} not null`,
      `play_count ${integer} not null`,
      `revision ${integer} not null`,
    ) + clustered,
    "create index songs_by_revision on song_standings (revision, song_id)",
    "create index songs_by_popularity on song_standings (popularity, song_id)",
  ];
}

function listening(
  table: CreateTable,
  { id, text, longText, integer }: ColumnTypes,
): readonly string[] {
  return [
    table(
      "plays",
      `sequence ${integer} not null primary key`,
      `identity ${id} not null unique`,
      `user_name ${id} not null`,
      `play_key ${id} not null`,
      `song_id ${id}`,
      `title ${text}`,
      `artist ${text}`,
      `played_at ${integer} not null`,
      "seconds double precision",
      `session_name ${id}`,
    ),
    "create index plays_by_user on plays (user_name, played_at, sequence)",
    // With the song, so that what is trending is read from the index alone.
    "create index plays_by_time on plays (played_at, sequence, song_id)",
    table(
      "play_notes",
      `sequence ${integer} not null primary key`,
      `song_id ${id} not null`,
      `plays ${integer} not null`,
    ),
    table(
      "sessions",
      `sequence ${integer} not null primary key`,
      `id ${id} not null unique`,
      `user_name ${id}`,
      `started_at ${integer} not null`,
      `song_ids ${longText} not null`,
      `source ${id} not null`,
      `is_counted ${integer} not null`,
    ),
    "create index sessions_by_time on sessions (started_at, sequence)",
    "create index sessions_by_user on sessions (user_name)",
  ];
}

function models(
  table: CreateTable,
  { id, longText, integer, bytes }: ColumnTypes,
): readonly string[] {
  return [
    table("model_uploads", `id ${id} not null primary key`, `touched_at ${integer} not null`),
    table(
      "model_chunks",
      `upload_id ${id} not null references model_uploads (id)`,
      `chunk_index ${integer} not null`,
      `sha256 ${id} not null`,
      `content ${bytes} not null`,
      "primary key (upload_id, chunk_index)",
    ),
    table(
      "models",
      `version ${id} not null primary key`,
      `upload_id ${id} not null references model_uploads (id)`,
      `manifest ${longText} not null`,
      `size_bytes ${integer} not null`,
      `chunk_bytes ${integer} not null`,
      `sha256 ${id} not null`,
      `registered_at ${integer} not null`,
    ),
    table(
      "model_promotions",
      `sequence ${integer} not null primary key`,
      `version ${id} not null references models (version)`,
      `promoted_at ${integer} not null`,
      `rolled_back_at ${integer}`,
    ),
  ];
}

function receiptsAndLog(
  table: CreateTable,
  { id, longText, integer, bytes }: ColumnTypes,
): readonly string[] {
  return [
    table(
      "receipts",
      `request_id ${id} not null primary key`,
      `user_name ${id}`,
      `created_at ${integer} not null`,
      `body ${bytes} not null`,
    ),
    "create index receipts_by_time on receipts (created_at)",
    "create index receipts_by_user on receipts (user_name)",
    table(
      "log_entries",
      `topic ${id} not null`,
      `topic_partition ${integer} not null`,
      `entry_offset ${integer} not null`,
      `record_key ${id} not null`,
      `record_value ${bytes} not null`,
      `headers ${longText} not null`,
      `timestamp_ms ${integer} not null`,
      "primary key (topic, topic_partition, entry_offset)",
    ),
    "create index log_entries_by_key on log_entries (record_key)",
    table(
      "log_ends",
      `topic ${id} not null`,
      `topic_partition ${integer} not null`,
      `next_offset ${integer} not null`,
      "primary key (topic, topic_partition)",
    ),
    table(
      "log_commits",
      `group_name ${id} not null`,
      `topic ${id} not null`,
      `topic_partition ${integer} not null`,
      `next_offset ${integer} not null`,
      "primary key (group_name, topic, topic_partition)",
    ),
  ];
}

/** Plays that are there already are counted from the first opening on, step by step. */
function liveStatistics(dialect: SqlDialect): readonly string[] {
  const table = tablesOf(dialect);
  const { id, text, integer, bytes } = dialect.columnTypes;
  return [
    "insert into counters (name, value) values ('listening_notes', 0), ('listening', 0), ('heard_songs', 0), ('listeners', 0), ('listening_rules', 0), ('listening_fill', 0), ('listening_fill_end', 0)",
    table(
      "listening_notes",
      `sequence ${integer} not null primary key`,
      `user_name ${id} not null`,
      `song_id ${id}`,
      `title ${text}`,
      `artist ${text}`,
      `played_at ${integer} not null`,
      `heard_ms ${integer} not null`,
      `plays ${integer} not null`,
    ),
    table(
      "heard_songs",
      `number ${integer} not null primary key`,
      `identity ${id} not null unique`,
      `song_id ${id}`,
      `title ${text} not null`,
      `artist ${text} not null`,
      `genre ${text}`,
      `revision ${integer} not null`,
    ),
    "create index heard_songs_by_revision on heard_songs (revision)",
    table(
      "listeners",
      `number ${integer} not null primary key`,
      `user_name ${id} not null unique`,
      `plays ${integer} not null`,
      `heard_ms ${integer} not null`,
      `revision ${integer} not null`,
    ),
    "create index listeners_by_plays on listeners (plays, user_name)",
    table(
      "listening_tallies",
      `kind ${id} not null`,
      `period ${integer} not null`,
      `content ${bytes} not null`,
      "primary key (kind, period)",
    ),
    table(
      "listening_journals",
      `listener ${integer} not null`,
      `month ${integer} not null`,
      `content ${bytes} not null`,
      "primary key (listener, month)",
    ),
  ];
}

/** Longer identities of heard songs became digests: who has such songs counts the plays again. */
function songFacts(): readonly string[] {
  return [
    "insert into counters (name, value) values ('song_facts', 0)",
    "update counters set value = 0 where name = 'listening_rules' and exists (select number from heard_songs where substr(identity, 256, 1) <> '')",
  ];
}
