/** What the lists are narrowed to: the songs of one artist, or of one genre. */
import type { PlayedArtist, PlayedSong } from "../api/stats-wire.ts";

export type Focus =
  | { readonly kind: "artist"; readonly name: string }
  /** The name "" means songs without a known genre. */
  | { readonly kind: "genre"; readonly name: string };

export function isInFocus(song: PlayedSong, focus: Focus | null): boolean {
  if (focus === null) return true;
  return focus.kind === "artist" ? song.artist === focus.name : (song.genre ?? "") === focus.name;
}

/** Artists of the songs in focus, counted from these songs; the list as it is without a focus. */
export function artistsInFocus(
  artists: readonly PlayedArtist[],
  songs: readonly PlayedSong[],
  focus: Focus | null,
): readonly PlayedArtist[] {
  if (focus === null) return artists;
  if (focus.kind === "artist") return artists.filter(({ artist }) => artist === focus.name);
  const sums = new Map<string, PlayedArtist>();
  for (const song of songs.filter((candidate) => isInFocus(candidate, focus))) {
    const { plays, seconds } = sums.get(song.artist) ?? { plays: 0, seconds: 0 };
    sums.set(song.artist, {
      artist: song.artist,
      plays: plays + song.plays,
      seconds: seconds + song.listenedSeconds,
    });
  }
  return [...sums.values()].sort((one, other) => other.plays - one.plays);
}

export function parseFocus(parameters: URLSearchParams): Focus | null {
  const artist = parameters.get("artist");
  if (artist !== null && artist !== "") return { kind: "artist", name: artist };
  const genre = parameters.get("genre");
  return genre === null ? null : { kind: "genre", name: genre };
}

export function writeFocus(focus: Focus | null, parameters: URLSearchParams): void {
  if (focus !== null) parameters.set(focus.kind, focus.name);
}
