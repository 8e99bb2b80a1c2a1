import { type SongUpsert, type Store, songIdFor } from "@segue/store";
import { type ImportOptions, type ImportReport, ImportTally } from "./import-report.ts";
import { type FileRow, openRowFile, type RowsExpected } from "./read-rows.ts";
import { RowReader } from "./row-reader.ts";

const EXPECTED: RowsExpected = {
  fieldByAlias: {
    id: "id",
    songid: "id",
    trackid: "id",
    title: "title",
    song: "title",
    track: "title",
    trackname: "title",
    name: "title",
    artist: "artist",
    artists: "artist",
    artistname: "artist",
    artistnames: "artist",
    album: "album",
    albumname: "album",
    release: "album",
    year: "year",
    releaseyear: "year",
    releasedate: "year",
    date: "year",
    genre: "genre",
    seconds: "seconds",
    duration: "seconds",
    durations: "seconds",
    length: "seconds",
    durationms: "milliseconds",
    trackdurationms: "milliseconds",
    milliseconds: "milliseconds",
    versiongroup: "versionGroup",
    popularity: "popularity",
    plays: "popularity",
  },
  missingFrom: (fields) =>
    fields.has("title") && fields.has("artist")
      ? undefined
      : "needs a column `title` and a column `artist`",
};

/**
 * Brings a catalogue into the store. A row without an id gets the one its artist and title give,
 * so importing a file again changes nothing.
 */
export async function importSongs(
  store: Pick<Store, "songs">,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const file = await openRowFile(path, EXPECTED, options);
  const tally = new ImportTally(options);
  for await (const { rows, bytes } of file.batches) {
    const songs = rows.flatMap((row) => {
      const song = toSong(row);
      if (typeof song !== "string") return [song];
      tally.countProblem("malformed", row.line, song);
      return [];
    });
    tally.countStored(await store.songs.upsertSongs(songs));
    options.onProgress?.({ bytes, bytesTotal: file.bytesTotal, rows: tally.rows });
  }
  return tally.report(file.format);
}

/** The song, or what is wrong with the row. */
function toSong(row: FileRow): SongUpsert | string {
  if ("problem" in row) return row.problem;
  const reader = new RowReader(row.values);
  const title = reader.requiredText("title");
  const artist = reader.requiredText("artist");
  const versionGroup = reader.id("versionGroup");
  const popularity = reader.wholeNumber("popularity");
  const song: SongUpsert = {
    id: reader.id("id") ?? songIdFor(artist, title),
    title,
    artist,
    album: reader.text("album"),
    year: reader.year("year"),
    genre: reader.text("genre"),
    seconds: reader.seconds("seconds") ?? reader.milliseconds("milliseconds"),
    ...(versionGroup === null ? {} : { versionGroup }),
    ...(popularity === undefined ? {} : { popularity }),
  };
  return reader.problem ?? song;
}
