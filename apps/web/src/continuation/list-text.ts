/** A continuation as plain text, to paste anywhere. */
import type { Song } from "../api/wire.ts";

/** One line per song: "1. Artist - Title", which players and importers of text lists understand. */
export function listText(songs: readonly Song[]): string {
  return songs.map(({ artist, title }, index) => `${index + 1}. ${artist} - ${title}`).join("\n");
}
