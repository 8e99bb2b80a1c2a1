/** Coded batches as rows again, for tests that look at what was read. */
import type { CodedColumn, CodedPlays } from "../src/analyze/coded-plays.ts";

export interface DecodedPlay {
  readonly user: string;
  readonly song: string;
  readonly artist: string;
  readonly genre: string;
  readonly seconds: number;
}

export function decodedPlays(batches: readonly CodedPlays[]): DecodedPlay[] {
  const users: string[] = [];
  const songs: string[] = [];
  const artists: string[] = [];
  const genres: string[] = [];
  return batches.flatMap((batch) => {
    const userOf = decoder(users, batch.users);
    const songOf = decoder(songs, batch.songs);
    const artistOf = decoder(artists, batch.artists);
    const genreOf = decoder(genres, batch.genres);
    return Array.from({ length: batch.rowCount }, (_, row) => ({
      user: userOf(row),
      song: songOf(row),
      artist: artistOf(row),
      genre: genreOf(row),
      seconds: batch.seconds[row] ?? -1,
    }));
  });
}

/** An unknown code is no empty text, which is a value of its own. */
function decoder(dictionary: string[], { added, codes }: CodedColumn): (row: number) => string {
  dictionary.push(...added);
  return (row) => dictionary[codes[row] ?? -1] ?? "<unknown code>";
}
