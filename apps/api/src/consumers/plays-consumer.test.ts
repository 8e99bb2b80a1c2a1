import { type Bus, createInProcessBroker } from "@segue/bus";
import { pipelineTopics, TOPICS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { createLogger } from "@segue/telemetry";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { encodeErasure, encodePlay, encodeRetraction } from "../plays/play-message.ts";
import type { StoredPlay } from "../ports.ts";
import { StoreAccess } from "../store-access/store-access.ts";
import { startPlaysConsumer } from "./plays-consumer.ts";

/** Over plays in memory, all of one user; `beforeWrite` and `beforeErasure` may wait or throw. */
async function startConsumer(
  beforeWrite: (play: StoredPlay) => Promise<void>,
  beforeErasure: () => Promise<void> = async () => {},
) {
  const bus = createInProcessBroker().connect("api");
  onTestFinished(() => bus.close());
  await bus.ensureTopics(pipelineTopics({ stageCount: 3, shardCount: 1 }));
  const stored = new Map<string, number | null>();
  const songs = { idsByName: async () => new Map() };
  const logger = createLogger({ name: "api-1", level: "silent" });
  const access = new StoreAccess({ probe: async () => {}, logger, probeIntervalMs: 5 });
  onTestFinished(() => access.close());
  const plays = {
    appendPlays: async ([play]: readonly StoredPlay[]) => {
      if (play === undefined) return;
      await beforeWrite(play);
      stored.set(play.key, play.seconds);
    },
    deletePlay: async (_user: string, key: string) => stored.delete(key),
  };
  const users = {
    eraseUser: async () => {
      await beforeErasure();
      stored.clear();
    },
  };
  await startPlaysConsumer({ bus, plays, users, songs, access });
  const publish = (value: Uint8Array) => bus.publish(TOPICS.plays, { key: "ada", value });
  const lag = async () => (await bus.lag()).reduce((total, entry) => total + entry.lag, 0);
  return { stored, publish, lag };
}

/** The handler of a server over these plays; its writes wait for `mayWrite`. */
async function handlerOver(stored: Map<string, number | null>, mayWrite: () => Promise<void>) {
  const subscriptions: Parameters<Bus["subscribe"]>[0][] = [];
  const subscribe: Bus["subscribe"] = async (options) => {
    subscriptions.push(options);
    return { owned: () => new Map(), close: async () => {} };
  };
  await startPlaysConsumer({
    bus: { subscribe },
    plays: {
      appendPlays: async (plays) => {
        for (const { key, seconds } of plays) stored.set(key, seconds);
      },
      deletePlay: async (_user, key) => stored.delete(key),
    },
    users: { eraseUser: async () => stored.clear() },
    songs: { idsByName: async () => new Map() },
    access: { write: (work) => mayWrite().then(work) },
  });
  const [subscription] = subscriptions;
  if (subscription === undefined) throw new Error("nothing was subscribed to");
  return (offset: bigint, value: Uint8Array, signal: AbortSignal) =>
    subscription.handler(
      {
        topic: TOPICS.plays,
        partition: 0,
        offset,
        key: "ada",
        value,
        headers: {},
        timestampMs: 0,
      },
      signal,
    );
}

const playOf = (key: string, seconds: number) =>
  encodePlay({
    user: "ada",
    key,
    songId: "song-1",
    title: "",
    artist: "",
    playedAtMs: 0,
    seconds,
    acceptedAtMs: 0,
  });

describe("the plays consumer", () => {
  test("stores many plays of one user side by side", async () => {
    const disk = Promise.withResolvers<void>();
    onTestFinished(() => disk.resolve());
    let waiting = 0;
    const { stored, publish } = await startConsumer(async () => {
      waiting += 1;
      await disk.promise;
    });
    for (let index = 0; index < 20; index += 1) await publish(playOf(`p-${index}`, index));
    await vi.waitFor(() => expect(waiting).toBe(20));
    disk.resolve();
    await vi.waitFor(() => expect(stored.size).toBe(20));
  });

  test("lets the last word about a play stand when an earlier one fails at first", async () => {
    let failures = 0;
    const { stored, publish, lag } = await startConsumer(async ({ seconds }) => {
      if (seconds !== 1 || failures === 2) return;
      failures += 1;
      throw new AppError("STORE_UNAVAILABLE", "The disk is full");
    });
    await publish(playOf("edited", 1));
    await publish(playOf("edited", 2));
    await publish(playOf("retracted", 3));
    await publish(encodeRetraction("ada", "retracted", 0));
    await vi.waitFor(async () => expect(await lag()).toBe(0));
    expect([...stored]).toEqual([["edited", 2]]);
  });

  test("stores the words about one play in their order", async () => {
    const { stored, publish, lag } = await startConsumer(async ({ seconds }) => {
      // The first takes longest.
      for (let turns = 10 - (seconds ?? 0); turns > 0; turns -= 1) await Promise.resolve();
    });
    for (let seconds = 0; seconds < 10; seconds += 1) await publish(playOf("p-1", seconds));
    await vi.waitFor(async () => expect(await lag()).toBe(0));
    expect(stored.get("p-1")).toBe(9);
  });

  describe("with an erasure among the plays", () => {
    test("erases behind those that came before, however long they take, and keeps later ones", async () => {
      const disk = Promise.withResolvers<void>();
      onTestFinished(() => disk.resolve());
      let erasures = 0;
      const { stored, publish, lag } = await startConsumer(
        ({ key }) => (key === "slow" ? disk.promise : Promise.resolve()),
        async () => {
          erasures += 1;
        },
      );
      await publish(playOf("quick", 1));
      await publish(playOf("slow", 2));
      await publish(encodeErasure("ada", 0));
      await publish(playOf("later", 3));
      await vi.waitFor(() => expect([...stored]).toEqual([["quick", 1]]));
      for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
      expect([erasures, ...stored.keys()]).toEqual([0, "quick"]);
      disk.resolve();
      await vi.waitFor(async () => expect(await lag()).toBe(0));
      expect([erasures, ...stored.keys()]).toEqual([1, "later"]);
    });

    test("does not bring back an earlier play that failed at first", async () => {
      let failures = 0;
      const { stored, publish, lag } = await startConsumer(async ({ key }) => {
        if (key !== "early" || failures === 2) return;
        failures += 1;
        throw new AppError("STORE_UNAVAILABLE", "The disk is full");
      });
      await publish(playOf("early", 1));
      await publish(encodeErasure("ada", 0));
      await publish(playOf("later", 2));
      await vi.waitFor(async () => expect(await lag()).toBe(0));
      expect([...stored.keys()]).toEqual(["later"]);
    });

    test("stores no later play before an erasure that failed at first", async () => {
      let failures = 0;
      const { stored, publish, lag } = await startConsumer(
        async () => {},
        async () => {
          if (failures === 2) return;
          failures += 1;
          throw new AppError("STORE_UNAVAILABLE", "The disk is full");
        },
      );
      await publish(playOf("early", 1));
      await publish(encodeErasure("ada", 0));
      await publish(playOf("later", 2));
      await vi.waitFor(async () => expect(await lag()).toBe(0));
      expect(failures).toBe(2);
      expect([...stored.keys()]).toEqual(["later"]);
    });

    test("goes on with later plays when an erasure is given up", async () => {
      let attempts = 0;
      const { stored, publish, lag } = await startConsumer(
        async () => {},
        async () => {
          attempts += 1;
          throw new AppError("INTERNAL", "Something is wrong with this user");
        },
      );
      await publish(playOf("early", 1));
      await publish(encodeErasure("ada", 0));
      await publish(playOf("later", 2));
      await vi.waitFor(async () => expect(await lag()).toBe(0), { timeout: 20_000 });
      await publish(playOf("after", 3));
      await vi.waitFor(() => expect([...stored.keys()]).toEqual(["early", "later", "after"]));
      expect(attempts).toBe(5);
    });
  });

  describe("that has lost its partition", () => {
    test.each([
      { word: "a retraction", last: encodeRetraction("ada", "p-1", 0) },
      { word: "an erasure", last: encodeErasure("ada", 0) },
    ])("writes no older word behind the next owner's $word", async ({ last }) => {
      const stored = new Map<string, number | null>();
      const disk = Promise.withResolvers<void>();
      const before = await handlerOver(stored, () => disk.promise);
      const next = await handlerOver(stored, async () => {});
      const ownership = new AbortController();
      const late = before(10n, playOf("p-1", 1), ownership.signal);
      ownership.abort();
      const { signal } = new AbortController();
      await next(10n, playOf("p-1", 1), signal);
      await next(11n, last, signal);
      disk.resolve();
      await expect(late).rejects.toMatchObject({ code: "CANCELLED" });
      expect([...stored]).toEqual([]);
    });

    test("waits for no erasure of its earlier time when it gets the partition back", async () => {
      const stored = new Map<string, number | null>();
      let isAway = true;
      const handle = await handlerOver(stored, async () => {
        if (isAway) throw new AppError("STORE_UNAVAILABLE", "The disk is full");
      });
      const ownership = new AbortController();
      const failed = handle(10n, encodeErasure("ada", 0), ownership.signal);
      await expect(failed).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      ownership.abort();
      isAway = false;
      await handle(11n, playOf("later", 1), new AbortController().signal);
      expect([...stored.keys()]).toEqual(["later"]);
    });
  });
});
