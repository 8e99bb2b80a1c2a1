/** Genres as parts of a whole: the largest by name, the others together. */
import type { PlayedGenre } from "../api/stats-wire.ts";

export interface GenreShare {
  /** "" for songs without a known genre; null for all others together. */
  readonly genre: string | null;
  readonly label: string;
  readonly plays: number;
  readonly share: number;
}

const NAMED_MAX = 7;

/** @param playsTotal of all genres, also of those that the list does not reach */
export function genreShares(
  genres: readonly PlayedGenre[],
  playsTotal: number,
): readonly GenreShare[] {
  // Two small ones are not hidden behind one "others".
  const count = genres.length <= NAMED_MAX + 1 ? genres.length : NAMED_MAX;
  const named = genres.slice(0, count).map(({ genre, plays, share }) => ({
    genre: genre ?? "",
    label: genre ?? "No genre known",
    plays,
    share,
  }));
  const others = playsTotal - named.reduce((sum, { plays }) => sum + plays, 0);
  if (others <= 0) return named;
  return [
    ...named,
    { genre: null, label: "All others", plays: others, share: others / playsTotal },
  ];
}
