import { createHash } from "node:crypto";
import type { ListeningSession, Play } from "@segue/store";
import type { FileRow } from "./read-rows.ts";
import { RowReader } from "./row-reader.ts";
import type { NamedSong } from "./song-lookup.ts";

/** One play; what is left to know is the catalogue's id of its song. */
export interface PlayRow {
  readonly kind: "play";
  readonly line: number;
  readonly song: NamedSong;
  toPlay(songId: string): Play;
}

export interface SessionRow {
  readonly kind: "session";
  readonly line: number;
  readonly songs: readonly NamedSong[];
  toSession(songIds: readonly string[]): ListeningSession;
}

export interface ProblemRow {
  readonly kind: "problem";
  readonly line: number;
  readonly problem: string;
}

/** Reads the rows of one file, in order: rows of a session without times are told apart by position. */
export class SessionRowParser {
  readonly #rowsBySession = new Map<string, number>();

  parse(row: FileRow): PlayRow | SessionRow | ProblemRow {
    if ("problem" in row) return { kind: "problem", ...row };
    const reader = new RowReader(row.values);
    const parsed = row.values.has("songs")
      ? parseSession(row.line, reader)
      : this.#parsePlay(row.line, reader);
    const { problem } = reader;
    return problem === undefined ? parsed : { kind: "problem", line: row.line, problem };
  }

  #parsePlay(line: number, reader: RowReader): PlayRow {
    const session = reader.id("session");
    const user = reader.id("user");
    const playedAtMs = reader.timeMs("time");
    const seconds = reader.seconds("seconds");
    const givenKey = reader.id("key");
    const song = namedSong(reader, reader.raw("songId"), reader.raw("title"), reader.raw("artist"));
    if (session === null && (user === null || playedAtMs === null)) {
      reader.refuse("no session id, and not both user and timestamp; give every row one of these");
    }
    const when = playedAtMs === null ? `#${this.#positionIn(session)}` : String(playedAtMs);
    const place = session === null ? "" : `${digest(session)}:`;
    return {
      kind: "play",
      line,
      song,
      toPlay: (songId) => ({
        // A session of nobody known is a listener of its own: plays belong to somebody.
        user: user ?? `session:${digest(session ?? "")}`,
        key: givenKey ?? `import:${place}${when}:${digest(songId)}`,
        songId,
        title: song.title,
        artist: song.artist,
        playedAtMs: playedAtMs ?? 0,
        seconds,
        session,
      }),
    };
  }

  #positionIn(session: string | null): number {
    const position = this.#rowsBySession.get(session ?? "") ?? 0;
    this.#rowsBySession.set(session ?? "", position + 1);
    return position;
  }
}

function parseSession(line: number, reader: RowReader): SessionRow {
  const list = reader.raw("songs");
  if (!Array.isArray(list) || list.length === 0) {
    reader.refuse("songs is not a list with songs; write their ids in the order heard");
  }
  const songs = (Array.isArray(list) ? (list as unknown[]) : []).map((song) => {
    if (typeof song !== "object" || song === null) return namedSong(reader, song, null, null);
    const { id, title, artist } = song as Record<string, unknown>;
    return namedSong(reader, id, title, artist);
  });
  const id = reader.id("session");
  const user = reader.id("user");
  const startedAtMs = reader.timeMs("time") ?? 0;
  return {
    kind: "session",
    line,
    songs,
    toSession: (songIds) => ({
      id: id ?? `x${digest(JSON.stringify([user, startedAtMs, songIds]))}`,
      user,
      startedAtMs,
      songIds,
    }),
  };
}

function namedSong(
  reader: RowReader,
  idValue: unknown,
  titleValue: unknown,
  artistValue: unknown,
): NamedSong {
  const id = reader.textOf(idValue, "song id", 128);
  const title = reader.textOf(titleValue, "title");
  const artist = reader.textOf(artistValue, "artist");
  if (id === null && (title === null || artist === null)) {
    reader.refuse("a song has neither an id nor both title and artist; name it");
  }
  return { id, title, artist };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
