/** One spelling for each artist: case, accents, "The" and white space do not make another artist. */

import { foldName } from "../src/fold-name.ts";

/** The form in which artists are compared: folded, without a leading "the". */
export function artistKeyFor(artist: string): string {
  return foldName(artist).replace(/^the (?=.)/u, "");
}

/** The key of the artist named first in "Queen & David Bowie" or "Prince and the Revolution". */
export function leadArtistKeyFor(artist: string): string {
  return artistKeyFor(artist.split(JOINED)[0] ?? artist);
}

/** The artist without guests: guests are dropped from titles, so here as well. */
export function withoutGuests(artist: string): string {
  return artist.replace(/\s+(feat[.,]?|featuring|ft\.)\s*\p{Lu}.*$/u, "");
}

/**
 * The spelling to show for each key. `preferred` spellings (those of the lists written by hand)
 * win; among the others the most common one, then the one that sorts first.
 */
export function spellingsFor(
  artists: Iterable<string>,
  preferred: Iterable<string>,
): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  const count = (artist: string, weight: number): void => {
    const key = artistKeyFor(artist);
    const spellings = counts.get(key) ?? new Map<string, number>();
    spellings.set(artist, (spellings.get(artist) ?? 0) + weight);
    counts.set(key, spellings);
  };
  for (const artist of artists) count(artist, 1);
  for (const artist of preferred) count(artist, PREFERRED_WEIGHT);
  return new Map(
    [...counts].map(([key, spellings]) => {
      const ranked = [...spellings].sort(
        ([nameA, countA], [nameB, countB]) => countB - countA || (nameA < nameB ? -1 : 1),
      );
      return [key, ranked[0]?.[0] ?? key];
    }),
  );
}

const PREFERRED_WEIGHT = 1_000_000;
const JOINED = /\s*(?:,|;| & | and | y | e | x | feat\.? | featuring | ft\.? | with | vs\.? )\s*/iu;
