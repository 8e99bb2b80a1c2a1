import type { ListeningSession, Play, Store } from "@segue/store";
import { type ImportOptions, type ImportReport, ImportTally } from "./import-report.ts";
import { openRowFile, type RowsExpected } from "./read-rows.ts";
import { type PlayRow, type SessionRow, SessionRowParser } from "./session-rows.ts";
import { lookUpSongs, type SongLookup, songKeyOf } from "./song-lookup.ts";

const EXPECTED: RowsExpected = {
  fieldByAlias: {
    id: "session",
    session: "session",
    sessionid: "session",
    playlist: "session",
    playlistid: "session",
    user: "user",
    userid: "user",
    username: "user",
    key: "key",
    startedat: "time",
    playedat: "time",
    timestamp: "time",
    time: "time",
    ts: "time",
    songid: "songId",
    trackid: "songId",
    itemid: "songId",
    song: "title",
    title: "title",
    track: "title",
    trackname: "title",
    artist: "artist",
    artistname: "artist",
    seconds: "seconds",
    duration: "seconds",
    songs: "songs",
    songids: "songs",
    tracks: "songs",
  },
  missingFrom: (fields) => {
    if (!fields.has("songId") && !(fields.has("title") && fields.has("artist"))) {
      return "needs a column `song_id`, or the columns `title` and `artist`";
    }
    if (fields.has("session") || (fields.has("user") && fields.has("time"))) return undefined;
    return "needs a column `session_id`, or the columns `user` and `timestamp`";
  },
};

/**
 * Brings listening into the store, for training. A row is either one play, stored as a play, or (in
 * JSON Lines) a whole session with its list of songs. The catalogue must know the songs: import it
 * first. Importing a file again changes nothing.
 */
export async function importSessions(
  store: Pick<Store, "songs" | "plays" | "sessions">,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const file = await openRowFile(path, EXPECTED, options);
  const tally = new ImportTally(options);
  const parser = new SessionRowParser();
  for await (const { rows, bytes } of file.batches) {
    const parsed: (PlayRow | SessionRow)[] = [];
    for (const row of rows) {
      const each = parser.parse(row);
      if (each.kind === "problem") tally.countProblem("malformed", row.line, each.problem);
      else parsed.push(each);
    }
    const songs = await lookUpSongs(
      store.songs,
      parsed.flatMap((row) => (row.kind === "play" ? [row.song] : row.songs)),
    );
    const known = parsed.filter((row) => isKnown(row, songs, tally));
    await storeRows(store, known, songs, tally);
    options.onProgress?.({ bytes, bytesTotal: file.bytesTotal, rows: tally.rows });
  }
  // Settles what the songs' popularity gains, which the first search would otherwise wait for.
  await store.songs.currentRevision();
  return tally.report(file.format);
}

function isKnown(row: PlayRow | SessionRow, songs: SongLookup, tally: ImportTally): boolean {
  const named = row.kind === "play" ? [row.song] : row.songs;
  const unknown = named.find((song) => !songs.has(songKeyOf(song)));
  if (unknown === undefined) return true;
  const name =
    unknown.id === null ? `${unknown.artist} - ${unknown.title}` : `with the id ${unknown.id}`;
  const reason = `the catalogue has no song ${name}; import it with \`segue db import songs\` first`;
  tally.countProblem("unknownSong", row.line, reason);
  return false;
}

async function storeRows(
  store: Pick<Store, "plays" | "sessions">,
  rows: readonly (PlayRow | SessionRow)[],
  songs: SongLookup,
  tally: ImportTally,
): Promise<void> {
  const plays: Play[] = [];
  const sessions: ListeningSession[] = [];
  for (const row of rows) {
    if (row.kind === "play") plays.push(row.toPlay(songs.get(songKeyOf(row.song)) ?? ""));
    else sessions.push(row.toSession(row.songs.map((song) => songs.get(songKeyOf(song)) ?? "")));
  }
  tally.countStored(await store.plays.appendPlays(plays));
  tally.countStored(
    await store.sessions.appendSessions(sessions, {
      source: "imported",
      countsTowardsPopularity: true,
    }),
  );
}
