import { openStore } from "@segue/store";
import { importSessions } from "../src/import/import-sessions.ts";
import { importSongs } from "../src/import/import-songs.ts";

// Imports one file and says on standard output how many rows are stored for good.
const [path, songsFile, sessionsFile] = process.argv.slice(2);
const store = await openStore({ path: String(path) });
const options = {
  batchRows: 700,
  onProgress: ({ rows }: { rows: number }) => process.stdout.write(`${rows}\n`),
};
await importSongs(store, String(songsFile), options);
await importSessions(store, String(sessionsFile), options);
await store.close();
