/** How well a track answers a query; lower is better. Popularity decides among equals. */
import { editDistance, prefixDistance } from "./edit-distance.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Track } from "./track-reader.ts";

export interface RankedTrack {
  readonly track: Track;
  readonly rank: number;
}

/** The words are elsewhere in title and artist; the worst rank of a track that has them all. */
const WORDS_ELSEWHERE = 3;
/** Ranks up to this one mean that the person typed a whole name. */
export const WHOLE_NAME = 1;
const ERRORS_MAX = 2;
/** What a typed word costs that nothing in the names resembles. */
const WORD_MISSING = 3;

export function byRank(left: RankedTrack, right: RankedTrack): number {
  return left.rank - right.rank || right.track.popularity - left.track.popularity;
}

/**
 * Without typing errors: 0 the title, or artist and title in either order; 1 the artist, or the
 * first words of the title; 2 the first letters of either; 3 the words elsewhere; Infinity: not all
 * of the words.
 */
export function literalRank(query: SearchQuery, track: Track): number {
  const typed = query.folded;
  const { folded_title: title, folded_artist: artist } = track;
  if (title === typed || `${artist} ${title}` === typed || `${title} ${artist}` === typed) return 0;
  if (artist === typed || withoutArticle(artist) === typed) return 1;
  if (title.startsWith(`${typed} `)) return 1;
  if (title.startsWith(typed) || artist.startsWith(typed)) return 2;
  return hasAllWords(query, track) ? WORDS_ELSEWHERE : Number.POSITIVE_INFINITY;
}

/**
 * With typing errors: the errors between the text and the title, its beginning (half an error more),
 * artist and title in either order, or the artist; where all these are far off, the errors word by
 * word in any order, behind them.
 */
export function correctedRank(query: SearchQuery, track: Track): number {
  const typed = query.folded;
  const { folded_title: title, folded_artist: artist } = track;
  let best = editDistance(typed, title, ERRORS_MAX);
  if (best === 0) return 0;
  best = Math.min(
    best,
    prefixDistance(typed, title, ERRORS_MAX) + 0.5,
    prefixDistance(typed, artist, ERRORS_MAX) + 0.75,
    prefixDistance(typed, withoutArticle(artist), ERRORS_MAX) + 0.75,
  );
  if (typed.length + ERRORS_MAX > title.length + 1) {
    best = Math.min(
      best,
      prefixDistance(typed, `${artist} ${title}`, ERRORS_MAX),
      prefixDistance(typed, `${title} ${artist}`, ERRORS_MAX),
    );
  }
  if (best <= ERRORS_MAX) return best;
  best = Math.min(best, editDistance(compact(typed), compact(title), ERRORS_MAX) + 1);
  return best <= ERRORS_MAX + 1 ? best : ERRORS_MAX + 1 + wordErrors(query, track);
}

/** Errors of each typed word against the nearest word of the track, summed. */
function wordErrors(query: SearchQuery, track: Track): number {
  const names = `${track.folded_title} ${track.folded_artist}`.split(" ");
  let sum = 0;
  for (const [index, { text }] of query.words.entries()) {
    const isLast = index === query.words.length - 1;
    let best = WORD_MISSING;
    for (const name of names) {
      const errors = editDistance(text, name, ERRORS_MAX);
      best = Math.min(best, errors);
      if (isLast && best > 0) best = Math.min(best, prefixDistance(text, name, ERRORS_MAX) + 0.5);
    }
    sum += best;
  }
  return sum;
}

function hasAllWords(query: SearchQuery, track: Track): boolean {
  const names = ` ${track.folded_title} ${track.folded_artist} `;
  const last = query.words.length - 1;
  return query.words.every(({ text, isCjk }, index) =>
    names.includes(index === last && !isCjk ? ` ${text}` : ` ${text} `),
  );
}

function withoutArticle(artist: string): string {
  return artist.startsWith("the ") ? artist.slice("the ".length) : artist;
}

function compact(text: string): string {
  return text.replaceAll(" ", "");
}
