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
/** So is one from here on; and a chart by month can show all that lies between. */
export const PLAYED_AT_MS_END = Date.UTC(2200, 0, 1);
