/** What is played most, kept at hand: for /v1/trending and for the last rung of the ladder. */
import type { CatalogueSong, TrendingSong } from "@segue/domain";
import { toAppError } from "@segue/errors";
import type { Logger } from "@segue/telemetry";
import type { PlayArchive, SongCatalogue } from "../ports.ts";

export interface TrendingEntry {
  readonly song: CatalogueSong;
  /** The plays that it is ranked by. */
  readonly plays: number;
}

export interface TrendingListOptions {
  readonly plays: Pick<PlayArchive, "trending">;
  readonly songs: Pick<SongCatalogue, "songsByIds" | "mostPopular">;
  readonly logger: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Default 30 s. */
  readonly refreshIntervalMs?: number;
}

export interface TrendingList {
  /** Most played first. */
  entries(): readonly TrendingEntry[];
  /** The same for the degradation ladder. */
  songs(): readonly TrendingSong[];
  refresh(): Promise<void>;
  close(): void;
}

/** Enough for a hundred songs at two per artist, also when fifty picked artists fill the top. */
const LENGTH = 500;
const WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
/** With fewer songs played in the window, all-time popularity says more. */
const RECENT_SONGS_MIN = 100;
const REFRESH_INTERVAL_MS = 30_000;

/** Resolves when the list is there; a failing refresh later keeps the old one. */
export async function createTrendingList(options: TrendingListOptions): Promise<TrendingList> {
  let entries: readonly TrendingEntry[] = [];
  let songs: readonly TrendingSong[] = [];
  const refresh = async () => {
    entries = await readEntries(options);
    songs = entries.map(({ song, plays }) => {
      const { id, artist, versionGroup } = song;
      return { songId: id, artist, versionGroup, plays };
    });
  };
  await refresh();
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => {
      options.logger.warn({ err: toAppError(error) }, "trending.stale");
    });
  }, options.refreshIntervalMs ?? REFRESH_INTERVAL_MS);
  timer.unref();
  return {
    entries: () => entries,
    songs: () => songs,
    refresh,
    close: () => clearInterval(timer),
  };
}

async function readEntries(options: TrendingListOptions): Promise<readonly TrendingEntry[]> {
  const { plays, songs, now } = options;
  const recent = await plays.trending({ sinceMs: now() - WINDOW_MS, limit: LENGTH });
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
