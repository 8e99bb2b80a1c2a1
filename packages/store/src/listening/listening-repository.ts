import type { BucketRange, Listening, SongCount } from "@segue/statistics/live";
import { readCounter } from "../sql/counter.ts";
import type { Database, ReadConnection } from "../sql/database.ts";
import { assertCounted } from "./counting-error.ts";
import { readListenerRevision, readPlayRevision } from "./listening-revisions.ts";
import type { ListeningSettler } from "./listening-settler.ts";
import {
  countListeners,
  type Listener,
  type ListenersQuestion,
  readListeners,
} from "./read-listeners.ts";
import {
  type ListeningQuestion,
  readEverybody,
  readFirstSong,
  readSongCounts,
  readUser,
} from "./read-listening.ts";
import { type ListeningPart, type PartListening, readPart } from "./read-part.ts";
import { SongFacts } from "./song-facts.ts";

export interface ListeningRepository {
  /**
   * Exact figures of all plays stored when this is asked. While stored plays are still being counted,
   * of an older Segue or after damage, every question throws STORE_UNAVAILABLE.
   */
  readListening(question: ListeningQuestion): Promise<Listening>;
  /** Exact as well: a part of the same. */
  readPart(question: ListeningQuestion, part: ListeningPart): Promise<PartListening>;
  /** The song of the user's first play in the period, with its plays in the period. */
  firstSong(user: string, range: BucketRange): Promise<SongCount | undefined>;
  /** Users with plays: most plays first, ties by name. */
  listeners(question: ListenersQuestion): Promise<readonly Listener[]>;
  listenerCount(): Promise<number>;
  /** Songs by number of plays in the period, most first; plays of unknown songs are left out. */
  topSongs(
    range: BucketRange,
    limit: number,
  ): Promise<readonly { readonly songId: string; readonly plays: number }[]>;
  /** Rises with every change of anybody's figures, by any process. */
  playRevision(): Promise<number>;
  /** Rises with every change of the user's figures; 0: there are none. Settles first. */
  listenerRevision(user: string): Promise<number>;
  /** Counts what is still to be counted; in the background this happens by itself. */
  settle(): Promise<void>;
}

const TRIES = 4;

export function createListeningRepository(
  database: Database,
  settler: Pick<ListeningSettler, "settleNoted" | "settleAll">,
): ListeningRepository {
  const { read } = database;
  const facts = new SongFacts();
  const ofAllPlays = async <T>(
    connection: ReadConnection,
    work: (connection: ReadConnection) => Promise<T>,
  ): Promise<T> => {
    await assertCounted(connection);
    return work(connection);
  };
  /** Nothing is settled or begun anew between its first read and its last, so that they fit together. */
  const consistently = async <T>(work: (connection: ReadConnection) => Promise<T>): Promise<T> => {
    await settler.settleNoted();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await readCounter(read, "listening");
      const result = await ofAllPlays(read, work);
      if ((await readCounter(read, "listening")) === before) return result;
    }
    // Whoever writes waits now.
    return database.write((transaction) => ofAllPlays(transaction, work));
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
    listeners: (options) => consistently((connection) => readListeners(connection, options)),
    listenerCount: () => consistently(countListeners),
    topSongs: (range, limit) =>
      consistently(async (connection) => {
        const counts = await readSongCounts(connection, range);
        await facts.catchUp(connection);
        return facts.topCatalogueSongs(counts, limit);
      }),
    playRevision: () => readPlayRevision(read),
    listenerRevision: (user) =>
      consistently((connection) => readListenerRevision(connection, user)),
    settle: () => settler.settleAll(),
  };
}
