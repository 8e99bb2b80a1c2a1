// Real: SQLite in memory. Held back by the test: the answer to a look.
import { describe, expect, it, onTestFinished } from "vitest";
import { song } from "../../test/samples.ts";
import { createSongRepository } from "../songs/song-repository.ts";
import { Database, type ReadConnection } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { createSqliteDialect } from "../sqlite/sqlite-dialect.ts";
import { numberSongs, songIdentityOf } from "./heard-songs.ts";
import { NumberCounts } from "./number-counts.ts";
import { SongFacts } from "./song-facts.ts";

/** Numbers of the songs, which were heard in this order. */
async function openWithHeard(ids: readonly string[]) {
  const dialect = createSqliteDialect({ path: ":memory:" });
  const database = new Database(await dialect.connect());
  onTestFinished(() => database.close());
  await migrate(database, dialect);
  const songs = createSongRepository(database);
  await songs.upsertSongs(ids.map((id) => song(id, { artist: "Old" })));
  const names = ids.map((song_id) => ({ song_id, title: null, artist: null }));
  const byIdentity = new Map(names.map((name) => [songIdentityOf(name), name]));
  const numbers = await database.write((transaction) => numberSongs(transaction, byIdentity));
  return { read: database.read, songs, numbers: [...numbers.values()] };
}

/** The same connection, whose answers arrive when they are let go. */
function heldBack(connection: ReadConnection) {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const held = connection.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      asked.resolve();
      await released.promise;
      return result;
    },
  });
  return { connection: held, asked: asked.promise, release: () => released.resolve() };
}

describe("what is known of heard songs", () => {
  it("stays the newest when the answer to an older look arrives last", async () => {
    const { read, songs, numbers } = await openWithHeard(["s1"]);
    const facts = new SongFacts();
    const older = heldBack(read);
    const look = facts.catchUp(older.connection);
    await older.asked;
    await songs.upsertSongs([song("s1", { artist: "New" })]);
    await facts.catchUp(read);
    older.release();
    await look;
    const counts = new NumberCounts();
    for (const number of numbers) counts.add(number, 1, 1_000);
    expect(facts.describe(counts, 9).topArtists).toEqual([
      { name: "New", plays: 1, heardMs: 1_000 },
    ]);
  });

  it("ranks equally often heard songs by id, however long they were heard", async () => {
    const { read, numbers } = await openWithHeard(["s9", "s5", "s1", "s7"]);
    const facts = new SongFacts();
    await facts.catchUp(read);
    const counts = new NumberCounts();
    for (const [index, number] of numbers.entries()) counts.add(number, 2, 1_000 * (4 - index));
    expect(facts.topCatalogueSongs(counts, 2)).toEqual([
      { songId: "s1", plays: 2 },
      { songId: "s5", plays: 2 },
    ]);
  });
});
