/** Reads the facts that the catalogue takes from its sources, and nothing else of them. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { withoutGuests } from "./fold-artists.ts";

/** One row of the public song catalogue: names, date, length and the two genre labels. */
export interface SourceRow {
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly year: number | null;
  readonly seconds: number | null;
  readonly label: string;
}

/** One row of the lists of famous songs that are written down here; nulls where unsure. */
export interface FamousRow {
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly year: number | null;
  readonly genre: string;
  readonly seconds: number | null;
}

/** Rows of `spotify_songs.csv` or `spotify_songs.csv.gz`; rows without a title or artist are left out. */
export function readSourceRows(file: string): SourceRow[] {
  return readRecords(file)
    .map((record) => ({
      title: tidy(record["track_name"]),
      artist: withoutGuests(tidy(record["track_artist"])),
      album: tidy(record["track_album_name"]),
      year: yearOrNull((record["track_album_release_date"] ?? "").slice(0, 4)),
      seconds: secondsOrNull(Number(record["duration_ms"]) / 1000),
      label: tidy(record["playlist_subgenre"]),
    }))
    .filter((row) => row.title !== "" && row.artist !== "");
}

/** Rows of a list of famous songs: title, artist, album, year, genre, seconds. */
export function readFamousRows(file: string): FamousRow[] {
  return readRecords(file)
    .map((record) => ({
      title: tidy(record["title"]),
      artist: withoutGuests(tidy(record["artist"])),
      album: tidy(record["album"]) || null,
      year: yearOrNull(record["year"] ?? ""),
      genre: tidy(record["genre"]).toLowerCase(),
      seconds: secondsOrNull(Number(record["seconds"] || Number.NaN)),
    }))
    .filter((row) => row.title !== "" && row.artist !== "");
}

/** Rows of any CSV file with a header line. */
export function readRecords(file: string): Record<string, string>[] {
  const bytes = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return parse(text, { columns: true, bom: true, skip_empty_lines: true });
}

function tidy(text: string | undefined): string {
  return (text ?? "").normalize("NFC").replace(/\s+/gu, " ").trim();
}

function yearOrNull(text: string): number | null {
  const year = Number(text);
  return Number.isInteger(year) && year >= YEAR_MIN && year <= YEAR_MAX ? year : null;
}

function secondsOrNull(seconds: number): number | null {
  return seconds >= SECONDS_MIN && seconds <= SECONDS_MAX ? Math.round(seconds) : null;
}

const YEAR_MIN = 1900;
const YEAR_MAX = 2026;
const SECONDS_MIN = 30;
const SECONDS_MAX = 3600;
