// Real: MariaDB servers of this file's own, which are stopped and killed. Nothing is fake.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openMysqlStore, type Store } from "../../src/open-store.ts";
import { play, song } from "../samples.ts";
import { startCutProxy } from "./cut-proxy.ts";
import { startOwnServer } from "./own-server.ts";
import { createDatabase } from "./test-database.ts";
import { startWriter } from "./writer-process.ts";

async function open(url: string): Promise<Store> {
  const store = await openMysqlStore({ url, connectionsMax: 4 });
  onTestFinished(() => store.close());
  return store;
}

async function openOnShared(): Promise<{ store: Store; url: string }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { store: await open(database.url), url: database.url };
}

/** Outcome and how long it took; a call that hangs fails the test by its time limit. */
async function timed(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAtMs = performance.now();
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - startedAtMs };
}

const worksAgain = async (store: Store, key: string): Promise<void> => {
  await vi.waitFor(async () => {
    expect(await store.plays.appendPlays([play(key)])).toHaveLength(1);
    expect(await store.plays.findPlay("ada", key)).toBeDefined();
  }, 20_000);
};

describe("a server that is killed while several processes write", () => {
  it("has everything that was acknowledged, once, when it is back, and nobody restarts", async () => {
    const server = await startOwnServer();
    const { url } = await server.createDatabase();
    const store = await open(url);
    await store.songs.upsertSongs([song("s1"), song("s2")]);
    const endless = { url, step: 1, count: 1_000_000 };
    const writers = [
      startWriter({ ...endless, song: "s1", first: 0 }),
      startWriter({ ...endless, song: "s2", first: 2_000_000 }),
    ];
    const stored = () => Math.min(...writers.map((writer) => writer.stored.size));
    for (let round = 0; round < 2; round += 1) {
      const before = stored();
      await vi.waitFor(() => expect(stored()).toBeGreaterThan(before + 50), 60_000);
      await server.kill("SIGKILL");
      expect((await timed(store.plays.playCount())).error).toMatchObject({
        code: "STORE_UNAVAILABLE",
      });
      await server.start();
    }
    const before = stored();
    await vi.waitFor(() => expect(stored()).toBeGreaterThan(before + 50), 60_000);
    for (const writer of writers) writer.process.kill("SIGTERM");
    await Promise.all(writers.map((writer) => writer.ended));
    const failures = writers.flatMap((writer) => writer.failures);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((failure) => !failure.startsWith("STORE_UNAVAILABLE"))).toEqual([]);
    const keys = writers.flatMap((writer) => [...writer.stored.keys()]);
    const found = await Promise.all(keys.map((key) => store.plays.findPlay("ada", key)));
    expect(found.filter((each) => each === undefined)).toEqual([]);
    await store.songs.currentRevision();
    const counted = await store.songs.songsByIds(["s1", "s2"]);
    const popularity = [...counted.values()].reduce((sum, each) => sum + each.popularity, 0);
    expect(popularity).toBe(await store.plays.playCount());
    expect(await store.findDamage()).toEqual([]);
  });
});

describe("a server that stands still", () => {
  it("holds no call up for long, and is used again once it goes on", async () => {
    const server = await startOwnServer();
    const { url } = await server.createDatabase();
    const store = await open(url);
    await store.plays.appendPlays([play("1")]);
    await server.kill("SIGSTOP");
    const underWay = [timed(store.plays.playCount()), timed(store.plays.appendPlays([play("2")]))];
    const opening = timed(openMysqlStore({ url }));
    // More than there are connections, so that some wait for one.
    const more = Array.from({ length: 12 }, () => timed(store.plays.playCount()));
    const outcomes = await Promise.all([...underWay, opening, ...more]);
    for (const { error, ms } of outcomes) {
      expect(error).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining(`127.0.0.1:${server.port}`) as string,
      });
      expect(ms).toBeLessThan(14_000);
    }
    // By now it is known to be away.
    const known = await timed(store.plays.playCount());
    expect(known.error).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(known.ms).toBeLessThan(4_000);
    await server.kill("SIGCONT");
    await worksAgain(store, "2");
  });
});

describe("a network that is cut without a word", () => {
  it("holds no call up for long, and is used again once it is mended", async () => {
    const { url } = await openOnShared();
    const proxy = await startCutProxy(url);
    const store = await open(proxy.url);
    await store.plays.appendPlays([play("1")]);
    proxy.cut();
    // Idle for long enough to be asked before it is trusted.
    await vi.waitFor(
      async () => {
        const { error, ms } = await timed(store.plays.playCount());
        expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
        expect(ms).toBeLessThan(5_000);
      },
      { timeout: 30_000, interval: 100 },
    );
    proxy.mend();
    await worksAgain(store, "2");
  });
});

describe("a connection that is lost", () => {
  it("in the middle of a write is replaced, and the write repeated", async () => {
    const { url } = await openOnShared();
    const proxy = await startCutProxy(url);
    const store = await open(proxy.url);
    proxy.loseAnswerTo(/insert into `plays`/u);
    expect(await store.plays.appendPlays([play("1")])).toEqual(["inserted"]);
    expect(await store.plays.playCount()).toBe(1);
  });

  it("while a write is committed leaves it unknown, and repeating it is safe", async () => {
    const { url } = await openOnShared();
    const proxy = await startCutProxy(url);
    const store = await open(proxy.url);
    proxy.loseAnswerTo(/commit$/u);
    await expect(store.plays.appendPlays([play("1")])).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      isRetryable: true,
      details: { reason: "commit-unknown" },
    });
    expect(await store.plays.appendPlays([play("1")])).toEqual(["unchanged"]);
    expect(await store.plays.playCount()).toBe(1);
  });
});

describe("a server with other limits", () => {
  it("that takes smaller statements than a part of a model says which setting to raise", async () => {
    const server = await startOwnServer({ args: ["--max-allowed-packet=1M"] });
    const store = await open((await server.createDatabase()).url);
    const weights = new Uint8Array(3_000_000);
    await expect(store.models.registerModel({ version: "v1" }, [weights])).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("max_allowed_packet") as string,
    });
    expect(await store.models.listModels()).toEqual([]);
    const options = { chunkBytes: 400_000 };
    await store.models.registerModel({ version: "v1" }, [weights], options);
    const source = await store.models.openModel("v1");
    expect(await source.read(0, weights.length)).toEqual(weights);
  });
});
