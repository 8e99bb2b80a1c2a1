/** Plays of a seed, as the batches that a client would send, with what a dictionary counts of them. */
import { StringCoder } from "@segue/statistics";

export interface CodedPlays {
  readonly batches: readonly CodedBatch[];
  /** By "Artist - SongID", in order of first appearance. */
  readonly playCounts: ReadonlyMap<string, number>;
  readonly secondsByUser: ReadonlyMap<string, number>;
}

export type CodedBatch = ReturnType<typeof codeBatch>;

interface Play {
  readonly user: string;
  readonly song: string;
  readonly artist: string;
  readonly seconds: number;
  readonly genre: string;
}

export function codedPlays(rows: number, rowsPerBatch: number): CodedPlays {
  const plays = Array.from({ length: rows }, (_, row): Play => {
    const mixed = Math.imul(row + 1, 2_654_435_761) >>> 0;
    return {
      user: `user ${mixed % 97}`,
      song: `song ${mixed % 1_009}`,
      artist: `artist ${mixed % 53}`,
      seconds: mixed % 300,
      genre: `genre ${mixed % 7}`,
    };
  });
  const coders = {
    users: new StringCoder(),
    songs: new StringCoder(),
    artists: new StringCoder(),
    genres: new StringCoder(),
  };
  const batches: CodedBatch[] = [];
  for (let from = 0; from < rows; from += rowsPerBatch) {
    batches.push(codeBatch(plays.slice(from, from + rowsPerBatch), from, coders));
  }
  const playCounts = new Map<string, number>();
  const secondsByUser = new Map<string, number>();
  for (const { user, artist, song, seconds } of plays) {
    const key = `${artist} - ${song}`;
    playCounts.set(key, (playCounts.get(key) ?? 0) + 1);
    secondsByUser.set(user, (secondsByUser.get(user) ?? 0) + seconds);
  }
  return { batches, playCounts, secondsByUser };
}

function codeBatch(
  plays: readonly Play[],
  firstRow: number,
  coders: Readonly<Record<"users" | "songs" | "artists" | "genres", StringCoder>>,
) {
  return {
    firstRow: BigInt(firstRow),
    rows: plays.length,
    users: codeColumn(
      plays.map(({ user }) => user),
      coders.users,
    ),
    songs: codeColumn(
      plays.map(({ song }) => song),
      coders.songs,
    ),
    artists: codeColumn(
      plays.map(({ artist }) => artist),
      coders.artists,
    ),
    genres: codeColumn(
      plays.map(({ genre }) => genre),
      coders.genres,
    ),
    seconds: new Uint8Array(Int32Array.from(plays, ({ seconds }) => seconds).buffer),
  };
}

function codeColumn(values: readonly string[], coder: StringCoder) {
  const known = coder.dictionary.length;
  const codes = Uint32Array.from(values, (value) => coder.codeFor(value));
  return { added: coder.dictionary.slice(known), codes: new Uint8Array(codes.buffer) };
}
