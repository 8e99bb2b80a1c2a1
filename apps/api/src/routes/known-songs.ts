/** Checks the picked songs before anything is published for them. */
import { type CatalogueSong, missingSongCount, SONGS_MIN } from "@segue/domain";
import { AppError } from "@segue/errors";
import type { SongCatalogue } from "../ports.ts";

/**
 * The distinct songs, in the order given. TOO_FEW_SONGS with the number `missing`, SONG_UNKNOWN
 * with the ids that the catalogue does not know, STORE_UNAVAILABLE when it cannot be asked.
 */
export async function knownSongsFor(
  songIds: readonly string[],
  catalogue: Pick<SongCatalogue, "songsByIds">,
): Promise<readonly CatalogueSong[]> {
  const distinct = [...new Set(songIds)];
  const missing = missingSongCount(distinct);
  if (missing > 0) {
    const detail = `${distinct.length} distinct songs are too few; add ${missing} more to reach ${SONGS_MIN}`;
    throw new AppError("TOO_FEW_SONGS", detail, { details: { missing } });
  }
  const known = await catalogue.songsByIds(distinct);
  const unknown = distinct.filter((songId) => !known.has(songId));
  if (unknown.length > 0) throw unknownSongs(unknown);
  return distinct.flatMap((songId) => known.get(songId) ?? []);
}

export function unknownSongs(unknown: readonly string[]): AppError {
  const shown = unknown.slice(0, 3).map((songId) => JSON.stringify(songId));
  const others = unknown.length > 3 ? ` and ${unknown.length - 3} more` : "";
  const detail = `The catalogue does not know ${shown.join(", ")}${others}; search for the songs and use the ids found`;
  return new AppError("SONG_UNKNOWN", detail, { details: { unknown } });
}
