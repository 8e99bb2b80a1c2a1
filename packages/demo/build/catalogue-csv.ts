/** Writes the catalogue in the form that `loadCatalogue` reads. */

import { CATALOGUE_COLUMNS, type DemoSong } from "../src/catalogue.ts";

export function toCatalogueCsv(songs: readonly DemoSong[]): string {
  const lines = songs.map((song) =>
    [
      song.id,
      song.title,
      song.artist,
      song.album,
      song.year,
      song.genre,
      song.seconds,
      song.versionGroup === song.id ? null : song.versionGroup,
      song.origin,
      song.fameRank,
      song.popularity,
    ]
      .map((value) => quoted(value === null ? "" : String(value)))
      .join(","),
  );
  return `${CATALOGUE_COLUMNS.join(",")}\n${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
