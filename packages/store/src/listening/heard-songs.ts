/**
 * Songs as aggregates know them: by number. Beside it stands what the catalogue says of the song now,
 * so that artists and genres of any period follow from its songs, and follow the catalogue.
 */
import { createHash } from "node:crypto";
import { reserveNumbers } from "../sql/counter.ts";
import type { ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import type { HeardSongTable, SongTable } from "../sql/tables.ts";
import { TallyCursor } from "./tally.ts";

/** What its column holds. */
const IDENTITY_LENGTH_MAX = 255;

/** A song id, or the names under which a song was heard that has none. */
export interface SongName {
  readonly song_id: string | null;
  readonly title: string | null;
  readonly artist: string | null;
}

export function songIdentityOf({ song_id, title, artist }: SongName): string {
  if (song_id === null) return `name:${digestOf(JSON.stringify([artist ?? "", title ?? ""]))}`;
  const identity = `id:${song_id}`;
  return isTooLong(identity) ? `long-id:${digestOf(song_id)}` : identity;
}

/** Characters, not the units of a string. */
function isTooLong(identity: string): boolean {
  return identity.length > IDENTITY_LENGTH_MAX && [...identity].length > IDENTITY_LENGTH_MAX;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

/** Numbers by identity; songs heard for the first time get the next ones. */
export async function numberSongs(
  transaction: WriteTransaction,
  names: ReadonlyMap<string, SongName>,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  for (const part of inParts([...names.keys()])) {
    const rows = await transaction
      .selectFrom("heard_songs")
      .select(["identity", "number"])
      .where("identity", "in", part)
      .execute();
    for (const { identity, number } of rows) numbers.set(identity, number);
  }
  const fresh = [...names].filter(([identity]) => !numbers.has(identity));
  if (fresh.length === 0) return numbers;
  const ids = fresh.flatMap(([, { song_id }]) => song_id ?? []);
  const facts = await catalogueFacts(transaction, ids);
  // One counter for numbers and revisions: each new row has its number for its revision.
  const first = await reserveNumbers(transaction, "heard_songs", fresh.length);
  const rows = fresh.map(([identity, { song_id, title, artist }], index): HeardSongTable => {
    const number = first + index;
    numbers.set(identity, number);
    const known =
      song_id === null
        ? { title: title ?? "", artist: artist ?? "", genre: null }
        : (facts.get(song_id) ?? { title: song_id, artist: "", genre: null });
    return { number, identity, song_id, ...known, revision: number };
  });
  for (const part of inParts(rows)) {
    await transaction.insertInto("heard_songs").values(part).execute();
  }
  return numbers;
}

/** Takes over what the catalogue now says of these songs, where they were heard, and tells of it. */
export async function updateHeardSongs(
  transaction: WriteTransaction,
  songs: readonly Pick<SongTable, "id" | "title" | "artist" | "genre">[],
): Promise<void> {
  const facts = new Map(songs.map((song) => [song.id, song]));
  let hasChanged = false;
  for (const part of inParts([...facts.keys()].map((id) => songIdentityOf(named(id))))) {
    const heard = await transaction
      .selectFrom("heard_songs")
      .selectAll()
      .where("identity", "in", part)
      .execute();
    const changed = heard.flatMap((row) => {
      const song = facts.get(row.song_id ?? "");
      if (song === undefined || hasSameFacts(row, song)) return [];
      const { title, artist, genre } = song;
      return [{ ...row, title, artist, genre }];
    });
    if (changed.length === 0) continue;
    hasChanged = true;
    const first = await reserveNumbers(transaction, "heard_songs", changed.length);
    const numbers = changed.map(({ number }) => number);
    await transaction.deleteFrom("heard_songs").where("number", "in", numbers).execute();
    const rows = changed.map((row, index) => ({ ...row, revision: first + index }));
    await transaction.insertInto("heard_songs").values(rows).execute();
  }
  if (hasChanged) await reserveNumbers(transaction, "song_facts", 1);
}

/** Removes songs without an id that no play names any more. */
export async function forgetUnheardNames(transaction: WriteTransaction): Promise<void> {
  const named = await transaction
    .selectFrom("heard_songs")
    .select("number")
    .where("song_id", "is", null)
    .execute();
  if (named.length === 0) return;
  const unheard = new Set(named.map(({ number }) => number));
  const years = await transaction
    .selectFrom("listening_tallies")
    .select("content")
    .where("kind", "=", "song-year")
    .execute();
  for (const { content } of years) {
    for (const cursor = new TallyCursor(content); cursor.next(); ) unheard.delete(cursor.cell);
  }
  for (const part of inParts([...unheard])) {
    await transaction.deleteFrom("heard_songs").where("number", "in", part).execute();
  }
}

async function catalogueFacts(
  connection: ReadConnection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<SongTable, "title" | "artist" | "genre">>> {
  const facts = new Map<string, Pick<SongTable, "title" | "artist" | "genre">>();
  for (const part of inParts(ids)) {
    const rows = await connection
      .selectFrom("songs")
      .select(["id", "title", "artist", "genre"])
      .where("id", "in", part)
      .execute();
    for (const { id, title, artist, genre } of rows) facts.set(id, { title, artist, genre });
  }
  return facts;
}

function named(song_id: string): SongName {
  return { song_id, title: null, artist: null };
}

function hasSameFacts(row: HeardSongTable, song: Pick<SongTable, "title" | "artist" | "genre">) {
  return row.title === song.title && row.artist === song.artist && row.genre === song.genre;
}
