/**
 * Seeded files of plays, written piece by piece. As in real listening few songs have most plays, and
 * people play their own favourites again and again.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { seededRandom } from "@segue/testkit";

const SEED = 20_261_122;
const ROWS_PER_WRITE = 20_000;
const PLAYS_PER_USER = 100;
const PLAYS_PER_SONG = 20;
const SONGS_PER_ARTIST = 10;
const FAVOURITES = 30;
const FAVOURITE_SHARE = 0.85;
const GENRES = ["Pop", "Rock", "Jazz", "Folk", "Metal", "Blues", "Electronic", "Classical", ""];

export interface GeneratedFile {
  readonly plays: number;
  readonly users: number;
  readonly songs: number;
  readonly artists: number;
}

/** 5 M plays: 50 k users, 250 k songs and 25 k artists at most, 300 MB. */
export async function generatePlays(path: string, plays: number): Promise<GeneratedFile> {
  const random = seededRandom(SEED);
  const users = Math.max(100, plays / PLAYS_PER_USER);
  const songs = Math.max(1000, plays / PLAYS_PER_SONG);
  const artists = songs / SONGS_PER_ARTIST;
  const file = createWriteStream(path);
  file.write("user_id,song_id,artist,duration,timestamp,genre\n");
  let text = "";
  for (let row = 0; row < plays; row++) {
    const user = Math.floor(users * random.next() ** 1.5);
    const popularity =
      random.next() < FAVOURITE_SHARE
        ? favourite(user, random.between(1, FAVOURITES))
        : random.next();
    const song = Math.floor(songs * popularity ** 3);
    const artist = song % artists;
    const time = new Date(1_735_689_600_000 + row * 6_000).toISOString();
    text += `user${user},song${song},Artist ${artist},${random.between(30, 330)},${time},${GENRES[artist % GENRES.length]}\n`;
    if (row % ROWS_PER_WRITE !== 0) continue;
    if (!file.write(text)) await once(file, "drain");
    text = "";
  }
  file.end(text);
  await finished(file);
  return { plays, users, songs, artists };
}

/** The user's favourite of that number, always the same, as a place from 0 to 1 among all songs. */
function favourite(user: number, number: number): number {
  const mixed = Math.imul(user * FAVOURITES + number, 0x9e3779b1);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32;
}
