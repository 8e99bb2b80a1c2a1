/** Songs that the page has already seen, so that picking one never asks the server for it again. */
import type { Song } from "./wire.ts";

const songs = new Map<string, Song>();

export function learnSongs(list: readonly Song[]): void {
  for (const { id, title, artist, album, year, genre, seconds } of list) {
    songs.set(id, { id, title, artist, album, year, genre, seconds });
  }
}

export function knownSong(id: string): Song | undefined {
  return songs.get(id);
}
