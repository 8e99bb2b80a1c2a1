/**
 * Builds the bundled catalogue and the recent demo sessions:
 * `node packages/demo/build/build-catalogue.ts path/to/spotify_songs.csv.gz`
 *
 * Only needed when the lists under packages/demo/data or the rules in this folder change; the
 * product and its tests read the files that it leaves in packages/demo/data.
 */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { RECENT_SESSION_COUNT, toRecentSessionsText } from "../src/recent-sessions.ts";
import {
  DEMO_SEED,
  DEMO_SESSION_COUNT,
  type SimulatedSession,
  simulateSessions,
} from "../src/simulate-sessions.ts";
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

const plays = new Map<string, number>();
const recent: { session: SimulatedSession; number: number }[] = [];
let number = 0;
for (const session of simulateSessions({
  seed: DEMO_SEED,
  sessionCount: DEMO_SESSION_COUNT,
  catalogue: songs,
})) {
  number++;
  if (number > DEMO_SESSION_COUNT - RECENT_SESSION_COUNT) recent.push({ session, number });
  for (const id of session.songIds) plays.set(id, (plays.get(id) ?? 0) + 1);
}
const counted = songs.map((song) => ({ ...song, popularity: plays.get(song.id) ?? 0 }));
writeFileSync(`${DATA}catalogue.csv`, toCatalogueCsv(counted));
writeFileSync(
  `${DATA}recent-sessions.csv.gz`,
  gzipSync(toRecentSessionsText(recent, counted), { level: 9 }),
);
process.stdout.write(`${songs.length} songs, ${number} sessions\n`);
