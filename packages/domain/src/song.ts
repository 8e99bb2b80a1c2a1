/** A song of the catalogue, as the outside world sees it. Unknown facts are null, never invented. */
export interface Song {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly year: number | null;
  readonly genre: string | null;
  readonly seconds: number | null;
}

/** A song with what the catalogue knows beyond the public fields. */
export interface CatalogueSong extends Song {
  /**
   * Versions of one song (remix, live, remaster) share a group, named by the id of its first song;
   * a song without versions is its own group.
   */
  readonly versionGroup: string;
  /** Number of plays it is ranked by in search and trending. */
  readonly popularity: number;
}

/** The brief's limits on a request's input. */
export const SONGS_MIN = 5;
export const SONGS_MAX = 100;
export const LIMIT_MAX = 100;
export const LIMIT_DEFAULT = 20;
export const SONGS_PER_ARTIST_DEFAULT = 2;
/** The network reads the last songs of its input only. */
export const INPUT_LENGTH_MAX = 50;
/** Of a known user's history, so many plays, not older than this, come before the picks. */
export const HISTORY_LENGTH_MAX = 20;
export const HISTORY_AGE_MS_MAX = 24 * 60 * 60 * 1000;
