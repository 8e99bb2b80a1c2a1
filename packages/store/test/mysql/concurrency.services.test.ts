// Real: a MySQL or MariaDB server and several writing processes. Nothing is fake.
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openMysqlStore, type Store } from "../../src/open-store.ts";
import { collect, play, song, songs } from "../samples.ts";
import { startCutProxy } from "./cut-proxy.ts";
import { createDatabase, type TestDatabase } from "./test-database.ts";
import { startWriter, type WriterOptions } from "./writer-process.ts";

let database: TestDatabase;

beforeEach(async () => {
  const created = await createDatabase();
  onTestFinished(() => created.drop());
  database = created;
});

async function open(url = database.url, connectionsMax = 3): Promise<Store> {
  const store = await openMysqlStore({ url, connectionsMax });
  onTestFinished(() => store.close());
  return store;
}

function writer(options: Omit<WriterOptions, "url">): ReturnType<typeof startWriter> {
  return startWriter({ url: database.url, ...options });
}

/** What the plays say, beside what the songs' popularity says. */
async function playsBySong(
  store: Store,
): Promise<[Record<string, number>, Record<string, number>]> {
  const rows = await database.run("select song_id, count(*) as plays from plays group by song_id");
  const counted = rows.map((row) => [String(row["song_id"]), Number(row["plays"])] as const);
  await store.songs.currentRevision();
  const all = await collect(store.songs.iterateSongs());
  const popular = all.flatMap(({ id, popularity }) =>
    popularity === 0 ? [] : [[id, popularity] as const],
  );
  return [Object.fromEntries(counted), Object.fromEntries(popular)];
}

describe("several processes that write plays to one server", () => {
  it("lose no play, store none twice, and count each for the song that it ended with", async () => {
    const store = await open();
    await store.songs.upsertSongs([song("s1"), song("s2"), song("s3")]);
    // Each process has its own song, so that the keys they share are edited again and again.
    const writers = [
      writer({ song: "s1", first: 0, step: 1, count: 150 }),
      writer({ song: "s2", first: 149, step: -1, count: 150 }),
      writer({ song: "s3", first: 75, step: 1, count: 150 }),
    ];
    const ends = await Promise.all(writers.map((each) => each.ended));
    expect(ends).toEqual(writers.map(() => ({ code: 0, signal: null })));
    expect(writers.flatMap((each) => each.failures)).toEqual([]);
    const outcomes = writers.flatMap((each) => [...each.stored.values()]);
    expect(outcomes).toHaveLength(450);
    expect(outcomes.filter((outcome) => outcome === "inserted")).toHaveLength(225);
    expect(await store.plays.playCount()).toBe(225);
    const [counted, popular] = await playsBySong(store);
    expect(popular).toEqual(counted);
  });

  it("go on at once when one of them is killed in the middle", async () => {
    const store = await open();
    await store.songs.upsertSongs([song("s1"), song("s2")]);
    const killed = writer({ song: "s1", first: 0, step: 1, count: 1_000_000 });
    const other = writer({ song: "s2", first: -1, step: -1, count: 100 });
    await vi.waitFor(() => expect(killed.stored.size).toBeGreaterThan(40), 30_000);
    killed.process.kill("SIGKILL");
    expect(await killed.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(await other.ended).toEqual({ code: 0, signal: null });
    expect(other.failures).toEqual([]);
    for (const key of killed.stored.keys()) {
      expect(await store.plays.findPlay("ada", key)).toBeDefined();
    }
    const [counted, popular] = await playsBySong(store);
    expect(popular).toEqual(counted);
  });

  it("go on within seconds when one of them stands still in the middle", async () => {
    const store = await open();
    await store.songs.upsertSongs([song("s1")]);
    const proxy = await startCutProxy(database.url);
    const cutOff = await open(proxy.url);
    // The server waits in the middle of its transaction for what comes no more.
    const isCut = proxy.cutBehind(/insert into `plays`/u);
    const cut = cutOff.plays.appendPlays([play("1")]).catch((error: unknown) => error);
    await isCut;
    const startedAtMs = performance.now();
    expect(await store.plays.appendPlays([play("1"), play("2")])).toEqual(["inserted", "inserted"]);
    expect(performance.now() - startedAtMs).toBeLessThan(8_000);
    expect(await cut).toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("number what they store in one order", async () => {
    const first = await open();
    const stores = [first, await open(), await open()];
    const entry = { topic: "t", partition: 0, key: "k", value: new Uint8Array(3), headers: {} };
    const appends = Array.from({ length: 60 }, (_, at) =>
      (stores[at % 3] ?? first).log.append([{ ...entry, timestampMs: at }]),
    );
    const offsets = (await Promise.all(appends)).flat().map(Number);
    expect(offsets.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at));
  });

  it("see each other's changes in the order of their revisions", async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const writes = songs(60).map((each, at) =>
      (at % 2 === 0 ? one : other).songs.upsertSongs([each]),
    );
    const seen = new Set<string>();
    let revision = 0;
    const follow = async (): Promise<void> => {
      const now = await other.songs.currentRevision();
      for (const { id } of await collect(other.songs.changedSince(revision))) seen.add(id);
      revision = now;
    };
    const following = (async () => {
      while (seen.size < 60) await follow();
    })();
    await Promise.all(writes);
    await following;
    expect(await one.songs.songCount()).toBe(60);
  });
});

describe("a store with few connections", () => {
  it("answers many calls at once over no more than those", async () => {
    const store = await open(database.url, 4);
    await store.songs.upsertSongs(songs(50));
    const ids = songs(50).map(({ id }) => id);
    const reads = Array.from({ length: 300 }, () => store.songs.songsByIds(ids));
    const writes = Array.from({ length: 50 }, (_, at) => store.plays.appendPlays([play(`${at}`)]));
    const counted = database.run(
      "select count(*) as open from information_schema.processlist where db = database()",
    );
    const found = await Promise.all(reads);
    expect(found.map((each) => each.size)).toEqual(reads.map(() => 50));
    expect((await Promise.all(writes)).flat()).toEqual(writes.map(() => "inserted"));
    // The one that counts is there too.
    expect(Number((await counted)[0]?.["open"])).toBeLessThanOrEqual(5);
  });
});
