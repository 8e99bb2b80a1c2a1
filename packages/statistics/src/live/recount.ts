/** The definition of every figure, straight from the plays: what the live aggregates must equal. */
import { countedMsOf } from "./counting-rules.ts";
import type { BucketRange, Counts, Listening, NameCount, SongCount } from "./listening.ts";
import { sessionSpansOf, type TimedPlay } from "./listening-sessions.ts";
import { compareNames, compareSongs } from "./ranking.ts";
import { bucketOf } from "./time-bucket.ts";

export interface CountedPlay {
  readonly user: string;
  readonly songId: string | null;
  readonly title: string | null;
  readonly artist: string | null;
  /** Start, unix milliseconds. */
  readonly playedAtMs: number;
  readonly seconds: number | null;
}

/** What the catalogue says of a song now; a song id that it lacks is its own title. */
export interface SongFacts {
  readonly title: string;
  readonly artist: string;
  readonly genre: string | null;
}

export interface RecountOptions {
  readonly facts: (songId: string) => SongFacts | undefined;
  readonly range: BucketRange;
  /** One user's figures; undefined: everybody's. */
  readonly user?: string;
  /** Entries of each top list. */
  readonly limit: number;
}

export function recountListening(plays: Iterable<CountedPlay>, options: RecountOptions): Listening {
  const { range, facts, user, limit } = options;
  const playsOfUsers = new Map<string, TimedPlay[]>();
  const times = new Map<number, Counts>();
  const songs = new Map<string, SongCount>();
  const artists = new Map<string, Counts>();
  const genres = new Map<string, Counts>();
  const listeners = new Map<string, Counts>();
  let total: Counts = { plays: 0, heardMs: 0 };
  let firstPlayAtMs: number | null = null;
  let lastPlayAtMs: number | null = null;
  for (const play of plays) {
    const { playedAtMs } = play;
    const heardMs = countedMsOf(play);
    const isOther = user !== undefined && play.user !== user;
    if (isOther || heardMs === undefined) continue;
    const own = playsOfUsers.get(play.user) ?? [];
    playsOfUsers.set(play.user, own);
    own.push({ playedAtMs, heardMs });
    const bucket = bucketOf(playedAtMs);
    if (bucket < range.fromBucket || bucket >= range.toBucket) continue;
    const known = play.songId === null ? undefined : facts(play.songId);
    const title = known?.title ?? play.songId ?? play.title ?? "";
    const artist = known?.artist ?? (play.songId === null ? (play.artist ?? "") : "");
    const key = play.songId === null ? JSON.stringify([artist, title]) : play.songId;
    const identity = `${play.songId === null ? "name" : "id"}:${key}`;
    const song = songs.get(identity) ?? {
      songId: play.songId,
      title,
      artist,
      plays: 0,
      heardMs: 0,
    };
    songs.set(identity, { ...song, ...added(song, heardMs) });
    total = added(total, heardMs);
    add(times, bucket, heardMs);
    add(artists, artist, heardMs);
    add(genres, known?.genre ?? "", heardMs);
    add(listeners, play.user, heardMs);
    firstPlayAtMs = Math.min(firstPlayAtMs ?? playedAtMs, playedAtMs);
    lastPlayAtMs = Math.max(lastPlayAtMs ?? playedAtMs, playedAtMs);
  }
  const spans = [...playsOfUsers.values()].flatMap((own) =>
    sessionSpansOf(own.sort((left, right) => left.playedAtMs - right.playedAtMs)),
  );
  const begun = spans.filter(({ startedAtMs }) => {
    const bucket = bucketOf(startedAtMs);
    return bucket >= range.fromBucket && bucket < range.toBucket;
  });
  return {
    ...total,
    times: Array.from(times, ([bucket, counts]) => ({ bucket, ...counts })).sort(
      (left, right) => left.bucket - right.bucket,
    ),
    songCount: songs.size,
    artistCount: artists.size,
    listenerCount: listeners.size,
    topSongs: [...songs.values()].sort(compareSongs).slice(0, limit),
    topArtists: topNames(artists, limit),
    topGenres: topNames(genres, limit),
    topListeners: user === undefined ? topNames(listeners, limit) : [],
    sessions: {
      count: begun.length,
      totalSeconds: begun.reduce((sum, { seconds }) => sum + seconds, 0),
      longestSeconds: begun.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
    },
    firstPlayAtMs,
    lastPlayAtMs,
  };
}

function added({ plays, heardMs }: Counts, moreMs: number): Counts {
  return { plays: plays + 1, heardMs: heardMs + moreMs };
}

function add<Key>(counts: Map<Key, Counts>, key: Key, heardMs: number): void {
  counts.set(key, added(counts.get(key) ?? { plays: 0, heardMs: 0 }, heardMs));
}

function topNames(counts: ReadonlyMap<string, Counts>, limit: number): readonly NameCount[] {
  return Array.from(counts, ([name, each]) => ({ name, ...each }))
    .sort(compareNames)
    .slice(0, limit);
}
