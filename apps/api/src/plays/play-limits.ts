/** What can be a play, whichever way it comes. */

/** Of user and key. */
export const NAME_LENGTH_MAX = 200;
export const SONG_ID_LENGTH_MAX = 200;
/** Of title and artist. */
export const TITLE_LENGTH_MAX = 1_000;
/** How long one play can be heard. */
export const SECONDS_MAX = 24 * 60 * 60;
/** An earlier start is a clock that was never set. Unix milliseconds. */
export const PLAYED_AT_MS_MIN = Date.UTC(1900, 0, 1);
/** The end of the years that can be written with four digits. Excluded. */
export const PLAYED_AT_MS_END = Date.UTC(10_000, 0, 1);
