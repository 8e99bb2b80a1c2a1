/** Which field of a row is which: the header names the columns, in any order. */
import { AppError } from "@segue/errors";

export const PLAY_COLUMNS = [
  "user_id",
  "song_id",
  "artist",
  "duration",
  "timestamp",
  "genre",
] as const;

export type PlayColumn = (typeof PLAY_COLUMNS)[number];

const OPTIONAL: ReadonlySet<PlayColumn> = new Set<PlayColumn>(["genre"]);

/** The field of each column, from 0; the genre may be missing. Columns of other names are ignored. */
export type ColumnPlaces = Readonly<Record<Exclude<PlayColumn, "genre">, number>> & {
  readonly genre: number | undefined;
};

/** Throws IMPORT_INVALID with every column that is missing or there twice. */
export function columnPlacesOf(header: readonly string[], file: string): ColumnPlaces {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = PLAY_COLUMNS.filter((name) => !OPTIONAL.has(name) && !names.includes(name));
  const doubled = PLAY_COLUMNS.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (missing.length > 0) throw invalidHeader(file, `lacks ${columns(missing)}`, header);
  if (doubled.length > 0) throw invalidHeader(file, `has ${columns(doubled)} twice`, header);
  const genre = names.indexOf("genre");
  return {
    user_id: names.indexOf("user_id"),
    song_id: names.indexOf("song_id"),
    artist: names.indexOf("artist"),
    duration: names.indexOf("duration"),
    timestamp: names.indexOf("timestamp"),
    genre: genre === -1 ? undefined : genre,
  };
}

function columns(names: readonly PlayColumn[]): string {
  return `the column${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}

function invalidHeader(file: string, problem: string, header: readonly string[]): AppError {
  const shown = header.join(",").slice(0, 200);
  return new AppError(
    "IMPORT_INVALID",
    `The file ${file} ${problem}; its first line has to name ${PLAY_COLUMNS.join(",")} in any order ` +
      `(genre may be left out), and says "${shown}".`,
    { details: { file } },
  );
}
