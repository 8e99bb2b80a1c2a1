import type { BucketRange, Listening, SongCount } from "@segue/statistics/live";
import { readCounter } from "../sql/counter.ts";
import type { Database, ReadConnection } from "../sql/database.ts";
import type { ListeningSettler } from "./listening-settler.ts";
import {
  type ListeningQuestion,
  readEverybody,
  readFirstSong,
  readSongCounts,
  readUser,
} from "./read-listening.ts";
import { type ListeningPart, type PartListening, readPart } from "./read-part.ts";
import { settleSomeListening } from "./settle-listening.ts";
import { SongFacts } from "./song-facts.ts";

/** A user with plays. */
export interface Listener {
  readonly user: string;
  readonly plays: number;
  readonly heardMs: number;
  readonly firstPlayAtMs: number;
  readonly lastPlayAtMs: number;
}

export interface ListeningRepository {
  /**
   * Exact figures of all plays stored when this is asked. While plays of an older Segue are still
   * being counted it throws STORE_UNAVAILABLE.
   */
  readListening(question: ListeningQuestion): Promise<Listening>;
  /** Exact as well: a part of the same. */
  readPart(question: ListeningQuestion, part: ListeningPart): Promise<PartListening>;
  /** The song of the user's first play in the period, with its plays in the period. */
  firstSong(user: string, range: BucketRange): Promise<SongCount | undefined>;
  /** Users with plays: most plays first, ties by name backwards. */
  listeners(options: {
    readonly prefix?: string;
    readonly limit: number;
  }): Promise<readonly Listener[]>;
  listenerCount(): Promise<number>;
  /** Songs by number of plays in the period, most first; plays of unknown songs are left out. */
  topSongs(
    range: BucketRange,
    limit: number,
  ): Promise<readonly { readonly songId: string; readonly plays: number }[]>;
  /** Rises with every change of any play, by any process. */
  playRevision(): Promise<number>;
  /** Rises with every change of the user's figures; 0: there are none. Settles first. */
  listenerRevision(user: string): Promise<number>;
  /** Counts what is still to be counted; in the background this happens by itself. */
  settle(): Promise<void>;
}

const TRIES = 4;

export function createListeningRepository(
  database: Database,
  settler: Pick<ListeningSettler, "settleNoted">,
): ListeningRepository {
  const { read } = database;
  const facts = new SongFacts();
  /** Nothing is settled between its first read and its last, so that they fit together. */
  const consistently = async <T>(work: (connection: ReadConnection) => Promise<T>): Promise<T> => {
    await settler.settleNoted();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await readCounter(read, "listening");
      const result = await work(read);
      if ((await readCounter(read, "listening")) === before) return result;
    }
    // Whoever writes waits now.
    return database.write(work);
  };
  return {
    readListening: (question) =>
      consistently((connection) =>
        question.user === undefined
          ? readEverybody(connection, question, facts)
          : readUser(connection, question.user, question, facts),
      ),
    readPart: (question, part) =>
      consistently((connection) => readPart(connection, question, part, facts)),
    firstSong: (user, range) =>
      consistently((connection) => readFirstSong(connection, user, range, facts)),
    async listeners(options) {
      await settler.settleNoted();
      return readListeners(read, options);
    },
    async listenerCount() {
      const row = await read
        .selectFrom("listeners")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    topSongs: (range, limit) =>
      consistently(async (connection) => {
        const counts = await readSongCounts(connection, range);
        await facts.catchUp(connection);
        return facts.topCatalogueSongs(counts, limit);
      }),
    playRevision: () => readCounter(read, "listening_notes"),
    async listenerRevision(user) {
      await settler.settleNoted();
      const row = await read
        .selectFrom("listeners")
        .select("revision")
        .where("user_name", "=", user)
        .executeTakeFirst();
      return row?.revision ?? 0;
    },
    async settle() {
      while (await settleSomeListening(database));
    },
  };
}

async function readListeners(
  connection: ReadConnection,
  { prefix = "", limit }: { readonly prefix?: string; readonly limit: number },
): Promise<readonly Listener[]> {
  const rows = await connection
    .selectFrom("listeners")
    .select(({ selectFrom }) => {
      const edge = (direction: "asc" | "desc") =>
        selectFrom("plays")
          .select("played_at")
          .whereRef("plays.user_name", "=", "listeners.user_name")
          .orderBy("played_at", direction)
          .limit(1);
      return [
        "user_name",
        "plays",
        "heard_ms",
        edge("asc").as("first_play"),
        edge("desc").as("last_play"),
      ];
    })
    .where("user_name", ">=", prefix)
    .where("user_name", "<", `${prefix}\u{10FFFF}`)
    .orderBy("plays", "desc")
    .orderBy("user_name", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ user_name, plays, heard_ms, first_play, last_play }) => ({
    user: user_name,
    plays,
    heardMs: heard_ms,
    firstPlayAtMs: first_play ?? 0,
    lastPlayAtMs: last_play ?? 0,
  }));
}
