/** A database of many plays over three years, written past Segue, as an older one would have left it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openStore, type Store } from "@segue/store";
import { seededRandom } from "@segue/testkit";

export interface PlayWorld {
  readonly plays: number;
  readonly songs: number;
  readonly users: number;
}

export const FIRST_PLAY_MS = Date.UTC(2023, 0, 1);
export const LAST_PLAY_MS = Date.UTC(2025, 11, 31, 23);

const SONGS_PER_BATCH = 20_000;
const GENRES = ["Pop", "Rock", "Jazz", "Soul", "Folk", "Metal", "Techno", "Classical"];

export interface CountedPlays {
  readonly store: Store;
  readonly countingSeconds: number;
  /** All tallies and journals. */
  readonly countsMiB: number;
}

/** Fills and counts a new database; beside one that is there lie the figures of its counting. */
export async function openCountedPlays(path: string, world: PlayWorld): Promise<CountedPlays> {
  const figuresPath = `${path}.json`;
  if (!existsSync(figuresPath)) {
    const store = await storePlays(path, world);
    const startedAtMs = performance.now();
    await store.listening.settle();
    const countingSeconds = (performance.now() - startedAtMs) / 1_000;
    await store.close();
    const figures = { world, countingSeconds, countsMiB: countsMiBIn(path) };
    writeFileSync(figuresPath, JSON.stringify(figures));
  }
  const figures = JSON.parse(readFileSync(figuresPath, "utf8")) as {
    world: PlayWorld;
  } & CountedPlays;
  if (figures.world.plays !== world.plays) {
    throw new Error(`${path} has ${figures.world.plays} plays; name another file or that number.`);
  }
  return { ...figures, store: await openStore({ path }) };
}

/** The store then has all plays, and none of them is counted yet. */
async function storePlays(path: string, world: PlayWorld): Promise<Store> {
  const store = await openStore({ path });
  for (let first = 0; first < world.songs; first += SONGS_PER_BATCH) {
    const count = Math.min(SONGS_PER_BATCH, world.songs - first);
    await store.songs.upsertSongs(
      Array.from({ length: count }, (_, offset) => songOf(first + offset)),
    );
  }
  await store.close();
  writePlays(path, world);
  return openStore({ path });
}

function countsMiBIn(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const bytes = ["listening_tallies", "listening_journals"].map((table) =>
    Number(database.prepare(`select sum(length(content)) as bytes from ${table}`).get()?.["bytes"]),
  );
  database.close();
  return Math.round(bytes.reduce((sum, each) => sum + each, 0) / 2 ** 20);
}

export function userOf(index: number): string {
  return `user-${index}`;
}

function songOf(row: number) {
  const artist = Math.floor(row / 8);
  return {
    id: `s${row}`,
    title: `Song ${row}`,
    artist: `Artist ${artist}`,
    album: null,
    year: null,
    genre: GENRES[artist % GENRES.length] ?? null,
    seconds: 200,
  };
}

function writePlays(path: string, { plays, songs, users }: PlayWorld): void {
  const random = seededRandom(5);
  const database = new DatabaseSync(path);
  // Half a minute instead of many, as nothing here must outlive a crash.
  database.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -262144");
  const indexes = indexesOf(database);
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  const insert = database.prepare(
    "insert into plays (sequence, identity, user_name, play_key, song_id, played_at, seconds) values (?, ?, ?, ?, ?, ?, ?)",
  );
  database.exec("begin");
  for (let sequence = 1; sequence <= plays; sequence += 1) {
    const playedAtMs = Math.floor(
      FIRST_PLAY_MS + ((LAST_PLAY_MS - FIRST_PLAY_MS) * sequence) / plays,
    );
    // A few songs and users are met very often, most seldom.
    const song = Math.floor(songs * random.next() ** 3);
    const user = userOf(Math.floor(users * random.next() ** 2));
    // In order, unlike the digests that Segue writes: a lookup by it is not measured here.
    const key = `p-${String(sequence).padStart(9, "0")}`;
    const seconds = random.between(20, 300);
    insert.run(sequence, key, user, key, `s${song}`, playedAtMs, seconds);
  }
  database.exec("commit");
  for (const { sql } of indexes) database.exec(sql);
  database.exec(`update counters set value = ${plays} where name = 'plays'`);
  database.exec("update counters set value = 0 where name = 'listening_rules'");
  database.exec("pragma journal_mode = wal");
  database.close();
}

/** Those of plays that were made by a statement. */
function indexesOf(database: DatabaseSync): readonly { name: string; sql: string }[] {
  const rows = database
    .prepare(
      "select name, sql from sqlite_master where type = 'index' and tbl_name = 'plays' and sql is not null",
    )
    .all();
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }));
}
