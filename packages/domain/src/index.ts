export {
  type CatalogueSong,
  HISTORY_AGE_MS_MAX,
  HISTORY_LENGTH_MAX,
  INPUT_LENGTH_MAX,
  LIMIT_DEFAULT,
  LIMIT_MAX,
  SONGS_MAX,
  SONGS_MIN,
  SONGS_PER_ARTIST_DEFAULT,
  type Song,
} from "./song.ts";
