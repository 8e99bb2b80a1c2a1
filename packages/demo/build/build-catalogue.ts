/**
 * Builds the bundled catalogue and the recent demo sessions:
 * `node packages/demo/build/build-catalogue.ts path/to/spotify_songs.csv.gz`
 *
 * Only needed when the lists under packages/demo/data or the rules in this folder change; the
 * product and its tests read the files that it leaves in packages/demo/data.
 */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assembleCatalogue } from "./assemble-catalogue.ts";
import { toCatalogueCsv } from "./catalogue-csv.ts";
import { readFamousRows, readRecords, readSourceRows } from "./source-rows.ts";

const DATA = fileURLToPath(new URL("../data/", import.meta.url));

const [sourceFile] = process.argv.slice(2);
if (sourceFile === undefined) {
  throw new Error(
    "The path of the source is missing; give spotify_songs.csv or spotify_songs.csv.gz.",
  );
}

const songs = assembleCatalogue({
  source: readSourceRows(sourceFile),
  famous: [
    ...readFamousRows(`${DATA}famous-western.csv`),
    ...readFamousRows(`${DATA}famous-world.csv`),
  ],
  evergreens: readRecords(`${DATA}evergreens.csv`),
  artistGenres: readRecords(`${DATA}artist-genres.csv`),
});
writeFileSync(`${DATA}catalogue.csv`, toCatalogueCsv(songs));
process.stdout.write(`${songs.length} songs\n`);
