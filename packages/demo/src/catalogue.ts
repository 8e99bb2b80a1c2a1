/** The bundled catalogue of real songs. Where its facts come from: docs/data-provenance.md. */

import { readFileSync } from "node:fs";
import type { CatalogueSong } from "@segue/domain";

/** A song of the bundled catalogue; `popularity` counts its simulated plays. */
export interface DemoSong extends CatalogueSong {
  readonly genre: string;
  /** `famous`: from our own list only; `source`: from the public song catalogue only. */
  readonly origin: "source" | "famous" | "both";
  /** 1 for the best-known song of our lists; null outside them. */
  readonly fameRank: number | null;
}

/** Columns of catalogue.csv. An empty `version_group` is the song's own id. */
export const CATALOGUE_COLUMNS = [
  "id",
  "title",
  "artist",
  "album",
  "year",
  "genre",
  "seconds",
  "version_group",
  "origin",
  "fame_rank",
  "plays",
] as const;

/** Every song, by artist and title. Reads the file anew at each call. */
export function loadCatalogue(): DemoSong[] {
  return parseCatalogue(readFileSync(new URL("../data/catalogue.csv", import.meta.url), "utf8"));
}

/** Parses catalogue.csv: no field holds a line break, fields with commas or quotes are quoted. */
export function parseCatalogue(text: string): DemoSong[] {
  return text
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const field = fieldsOf(line);
      const id = field[0] ?? "";
      return {
        id,
        title: field[1] ?? "",
        artist: field[2] ?? "",
        album: field[3] || null,
        year: numberOrNull(field[4]),
        genre: field[5] ?? "",
        seconds: numberOrNull(field[6]),
        versionGroup: field[7] || id,
        origin: originOf(field[8]),
        fameRank: numberOrNull(field[9]),
        popularity: Number(field[10]),
      };
    });
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const fields = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/gu) ?? [];
  return fields.map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined || text === "" ? null : Number(text);
}

function originOf(text: string | undefined): DemoSong["origin"] {
  return text === "famous" || text === "both" ? text : "source";
}
