import { type Store, songIdFor } from "@segue/store";

/** How a row names a song: by id, or by artist and title. */
export interface NamedSong {
  readonly id: string | null;
  readonly artist: string | null;
  readonly title: string | null;
}

/** Song ids of the catalogue by `songKeyOf`. */
export type SongLookup = ReadonlyMap<string, string>;

export function songKeyOf(song: NamedSong): string {
  return song.id === null ? `name ${nameKeyOf(song)}` : `id ${song.id}`;
}

export async function lookUpSongs(
  catalogue: Store["songs"],
  songs: readonly NamedSong[],
): Promise<SongLookup> {
  const ids = songs.flatMap((song) => (song.id === null ? [] : [song.id]));
  const nameKeys = songs.flatMap((song) => (song.id === null ? [nameKeyOf(song)] : []));
  const [unknown, idsByName] = await Promise.all([
    catalogue.unknownIds(ids),
    catalogue.idsByName(nameKeys),
  ]);
  const lookup = new Map<string, string>();
  for (const id of ids) lookup.set(`id ${id}`, id);
  for (const id of unknown) lookup.delete(`id ${id}`);
  for (const [nameKey, id] of idsByName) lookup.set(`name ${nameKey}`, id);
  return lookup;
}

function nameKeyOf(song: NamedSong): string {
  return songIdFor(song.artist ?? "", song.title ?? "");
}
