import type { CatalogueSong } from "@segue/domain";
import { updateHeardSongs } from "../listening/heard-songs.ts";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import type { SongStandingTable, SongTable } from "../sql/tables.ts";
import type { UpsertOutcome } from "../sql/upsert-outcome.ts";
import { settlePopularity } from "./popularity.ts";
import { songIdFor } from "./song-id.ts";

/** A song to store. What is left out keeps its stored value; new songs then have 0 and their own id. */
export type SongUpsert = Omit<CatalogueSong, "versionGroup" | "popularity"> &
  Partial<Pick<CatalogueSong, "versionGroup" | "popularity">>;

export interface SongRepository {
  /** Stores all or none, and tells for each song, in order, what became of it. */
  upsertSongs(songs: readonly SongUpsert[]): Promise<readonly UpsertOutcome[]>;
  /** Unknown ids are missing from the map. */
  songsByIds(ids: readonly string[]): Promise<ReadonlyMap<string, CatalogueSong>>;
  /** Those of the ids that no song has, without repeats, in the order given. */
  unknownIds(ids: readonly string[]): Promise<readonly string[]>;
  /** Song ids by name key (`songIdFor(artist, title)`); of several songs of one name, the most popular. */
  idsByName(nameKeys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  songCount(): Promise<number>;
  /** All songs in id order, batch by batch. A song that is added meanwhile may or may not be seen. */
  iterateSongs(options?: PageOptions & { afterId?: string }): AsyncGenerator<CatalogueSong[]>;
  /**
   * Rises with every change of any song; 0: no song was ever stored. Popularity takes in the plays
   * stored so far when this is asked, and not before.
   */
  currentRevision(): Promise<number>;
  /**
   * The songs that changed after `revision`, each once, oldest change first. To follow the
   * catalogue: read `currentRevision`, then the changes since the revision read the time before;
   * a song that changes in between comes again the next time.
   */
  changedSince(revision: number, options?: PageOptions): AsyncGenerator<CatalogueSong[]>;
  /** The most played songs of the catalogue, best first, ties by id backwards. */
  mostPopular(limit: number): Promise<readonly CatalogueSong[]>;
}

export interface PageOptions {
  /** Songs per batch. Default 500. */
  readonly batchSize?: number;
}

const BATCH_SIZE_DEFAULT = 500;

export function createSongRepository(database: Database): SongRepository {
  const { read } = database;
  return {
    upsertSongs: (songs) =>
      songs.length === 0
        ? Promise.resolve([])
        : database.write((transaction) => upsertSongs(transaction, songs)),
    songsByIds: (ids) => songsByIds(read, ids),
    unknownIds: (ids) => unknownIds(read, ids),
    idsByName: (nameKeys) => idsByName(read, nameKeys),
    async songCount() {
      const row = await read
        .selectFrom("song_standings")
        .select((expression) => expression.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    iterateSongs: (options) => iterateSongs(read, options?.afterId ?? "", options),
    async currentRevision() {
      await settlePopularity(database);
      const row = await read
        .selectFrom("counters")
        .select("value")
        .where("name", "=", "songs")
        .executeTakeFirstOrThrow();
      return row.value;
    },
    changedSince: (revision, options) => changedSince(read, revision, options),
    mostPopular: (limit) => mostPopular(read, limit),
  };
}

type SongRow = SongTable & SongStandingTable;

/** The join leads from the standings: the orders asked for are theirs. */
function selectSongs(connection: ReadConnection) {
  return connection
    .selectFrom("song_standings")
    .innerJoin("songs", "songs.id", "song_standings.song_id")
    .selectAll();
}

async function upsertSongs(
  transaction: WriteTransaction,
  songs: readonly SongUpsert[],
): Promise<readonly UpsertOutcome[]> {
  // Reserving first takes the lock that keeps other processes from the same rows.
  const revision = await reserveNumbers(transaction, "songs", 1);
  const stored = await rowsByIds(
    transaction,
    songs.map((song) => song.id),
  );
  const changed = new Map<string, SongRow>();
  const replaced = new Set<string>();
  const outcomes = songs.map((song): UpsertOutcome => {
    const before = changed.get(song.id) ?? stored.get(song.id);
    const after = toRow(song, before, revision);
    if (before !== undefined && hasSameContent(before, after)) return "unchanged";
    changed.set(song.id, after);
    if (stored.has(song.id)) replaced.add(song.id);
    return before === undefined ? "inserted" : "updated";
  });
  for (const part of inParts([...replaced])) {
    await transaction.deleteFrom("songs").where("id", "in", part).execute();
    await transaction.deleteFrom("song_standings").where("song_id", "in", part).execute();
  }
  for (const part of inParts([...changed.values()])) {
    await transaction.insertInto("songs").values(part.map(factsOf)).execute();
    await transaction.insertInto("song_standings").values(part.map(standingOf)).execute();
  }
  await updateHeardSongs(transaction, [...changed.values()]);
  return outcomes;
}

async function rowsByIds(
  connection: ReadConnection,
  ids: readonly string[],
): Promise<Map<string, SongRow>> {
  const rows = new Map<string, SongRow>();
  for (const part of inParts([...new Set(ids)])) {
    for (const row of await selectSongs(connection).where("song_id", "in", part).execute()) {
      rows.set(row.id, row);
    }
  }
  return rows;
}

async function songsByIds(
  connection: ReadConnection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CatalogueSong>> {
  const songs = new Map<string, CatalogueSong>();
  for (const [id, row] of await rowsByIds(connection, ids)) songs.set(id, toSong(row));
  return songs;
}

async function unknownIds(
  connection: ReadConnection,
  ids: readonly string[],
): Promise<readonly string[]> {
  const unknown = new Set(ids);
  for (const part of inParts([...unknown])) {
    const found = await connection
      .selectFrom("songs")
      .select("id")
      .where("id", "in", part)
      .execute();
    for (const { id } of found) unknown.delete(id);
  }
  return [...unknown];
}

async function idsByName(
  connection: ReadConnection,
  nameKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const part of inParts([...new Set(nameKeys)])) {
    const rows = await connection
      .selectFrom("songs")
      .innerJoin("song_standings", "song_id", "id")
      .select(["id", "name_key"])
      .where("name_key", "in", part)
      .orderBy("popularity")
      .orderBy("id", "desc")
      .execute();
    for (const row of rows) ids.set(row.name_key, row.id);
  }
  return ids;
}

async function mostPopular(
  connection: ReadConnection,
  limit: number,
): Promise<readonly CatalogueSong[]> {
  // One index has the whole answer; a join here could make the database sort the catalogue.
  const standings = await connection
    .selectFrom("song_standings")
    .select("song_id")
    .orderBy("popularity", "desc")
    .orderBy("song_id", "desc")
    .limit(limit)
    .execute();
  const ids = standings.map((row) => row.song_id);
  const songs = await songsByIds(connection, ids);
  return ids.flatMap((id) => songs.get(id) ?? []);
}

async function* iterateSongs(
  connection: ReadConnection,
  afterId: string,
  options: PageOptions = {},
): AsyncGenerator<CatalogueSong[]> {
  const batchSize = options.batchSize ?? BATCH_SIZE_DEFAULT;
  for (let last = afterId; ; ) {
    const rows = await selectSongs(connection)
      .where("song_id", ">", last)
      .orderBy("song_id")
      .limit(batchSize)
      .execute();
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return;
    yield rows.map(toSong);
    last = lastRow.id;
  }
}

async function* changedSince(
  connection: ReadConnection,
  since: number,
  options: PageOptions = {},
): AsyncGenerator<CatalogueSong[]> {
  const batchSize = options.batchSize ?? BATCH_SIZE_DEFAULT;
  for (let revision = since, id: string | undefined; ; ) {
    const rows = await selectSongs(connection)
      .where((expression) => {
        const later = expression("revision", ">", revision);
        if (id === undefined) return later;
        return expression("revision", ">=", revision).and(later.or("song_id", ">", id));
      })
      .orderBy("revision")
      .orderBy("song_id")
      .limit(batchSize)
      .execute();
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return;
    yield rows.map(toSong);
    revision = lastRow.revision;
    id = lastRow.id;
  }
}

function toRow(song: SongUpsert, before: SongRow | undefined, revision: number): SongRow {
  const playCount = before?.play_count ?? 0;
  const keptPopularity = before?.popularity ?? 0;
  return {
    id: song.id,
    title: song.title,
    artist: song.artist,
    album: song.album,
    year: song.year,
    genre: song.genre,
    seconds: song.seconds,
    version_group: song.versionGroup ?? before?.version_group ?? song.id,
    name_key: songIdFor(song.artist, song.title),
    song_id: song.id,
    popularity: song.popularity === undefined ? keptPopularity : song.popularity + playCount,
    play_count: playCount,
    revision,
  };
}

function factsOf({ song_id, popularity, play_count, revision, ...facts }: SongRow): SongTable {
  return facts;
}

function standingOf({ song_id, popularity, play_count, revision }: SongRow): SongStandingTable {
  return { song_id, popularity, play_count, revision };
}

function hasSameContent(before: SongRow, after: SongRow): boolean {
  const names = Object.keys(after) as (keyof SongRow)[];
  return names.every((name) => name === "revision" || before[name] === after[name]);
}

function toSong(row: SongRow): CatalogueSong {
  return {
    id: row.id,
    title: row.title,
    artist: row.artist,
    album: row.album,
    year: row.year,
    genre: row.genre,
    seconds: row.seconds,
    versionGroup: row.version_group,
    popularity: row.popularity,
  };
}
