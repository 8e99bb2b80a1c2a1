/**
 * What is played most, kept at hand: for /v1/trending and for the last rung of the ladder. By all
 * plays of the last 30 days (in whole quarters of an hour), ties by id; by popularity while those are
 * of fewer than 100 songs.
 */
import type { CatalogueSong, TrendingSong } from "@segue/domain";
import { type AppError, toAppError } from "@segue/errors";
import { ALL_TIME, bucketOf } from "@segue/statistics/live";
import type { ListeningRepository } from "../listening/listening-repository.ts";
import type { SongRepository } from "../songs/song-repository.ts";

export interface TrendingEntry {
  readonly song: CatalogueSong;
  /** The plays that it is ranked by. */
  readonly plays: number;
}

export interface TrendingListOptions {
  readonly listening: Pick<ListeningRepository, "topSongs">;
  readonly songs: Pick<SongRepository, "songsByIds" | "mostPopular">;
  readonly logger: { warn(fields: { readonly err: AppError }, event: string): void };
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Default 30 s; after a failure it tries again sooner. */
  readonly refreshIntervalMs?: number;
}

export interface TrendingList {
  /** Most played first; empty until the database answered once. */
  entries(): readonly TrendingEntry[];
  /** The same for the degradation ladder. */
  songs(): readonly TrendingSong[];
  close(): void;
}

/** Enough for a hundred songs at two per artist, also when fifty picked artists fill the top. */
const LENGTH = 500;
const WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
/** With fewer songs played in the window, all-time popularity says more. */
const RECENT_SONGS_MIN = 100;
const REFRESH_INTERVAL_MS = 30_000;
const RETRY_INTERVAL_MS = 2_000;

/**
 * Resolves after the first attempt to read the list. While the database is away the last list
 * stays, each failed attempt is logged as `trending.stale`, and the next one follows within 2 s.
 */
export async function createTrendingList(options: TrendingListOptions): Promise<TrendingList> {
  const intervalMs = options.refreshIntervalMs ?? REFRESH_INTERVAL_MS;
  let entries: readonly TrendingEntry[] = [];
  let songs: readonly TrendingSong[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const refresh = async (): Promise<void> => {
    let nextAfterMs = intervalMs;
    try {
      entries = await readEntries(options);
      songs = entries.map(toTrendingSong);
    } catch (error) {
      if (isClosed) return;
      options.logger.warn({ err: toAppError(error) }, "trending.stale");
      nextAfterMs = Math.min(intervalMs, RETRY_INTERVAL_MS);
    }
    if (isClosed) return;
    timer = setTimeout(() => void refresh(), nextAfterMs);
    timer.unref();
  };
  await refresh();
  return {
    entries: () => entries,
    songs: () => songs,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function readEntries(options: TrendingListOptions): Promise<readonly TrendingEntry[]> {
  const { listening, songs, now } = options;
  const range = { fromBucket: bucketOf(now() - WINDOW_MS), toBucket: ALL_TIME.toBucket };
  const recent = await listening.topSongs(range, LENGTH);
  if (recent.length < RECENT_SONGS_MIN) {
    const popular = await songs.mostPopular(LENGTH);
    return popular.map((song) => ({ song, plays: song.popularity }));
  }
  const known = await songs.songsByIds(recent.map(({ songId }) => songId));
  return recent.flatMap(({ songId, plays: count }) => {
    const song = known.get(songId);
    return song === undefined ? [] : [{ song, plays: count }];
  });
}

function toTrendingSong({ song, plays }: TrendingEntry): TrendingSong {
  const { id, artist, versionGroup } = song;
  return { songId: id, artist, versionGroup, plays };
}
