import { createInProcessBroker } from "@segue/bus";
import { pipelineTopics, TOPICS } from "@segue/contracts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { PLAYS_GROUP } from "../consumers/plays-consumer.ts";
import type { StoredPlay } from "../ports.ts";
import { encodeErasure, encodePlay, encodeRetraction } from "./play-message.ts";
import { RecentPlays } from "./recent-plays.ts";

async function connectBus() {
  const bus = createInProcessBroker().connect("api");
  onTestFinished(() => bus.close());
  await bus.ensureTopics(pipelineTopics({ stageCount: 3, shardCount: 1 }));
  return bus;
}

/** Over an archive that never gets to store anything. */
async function openRecentPlays() {
  const bus = await connectBus();
  const findPlay = () => Promise.resolve(undefined);
  const recent = await RecentPlays.open({ bus, archive: { findPlay }, waitMs: 6_000 });
  const publish = (value: Uint8Array) => bus.publish(TOPICS.plays, { key: "ada", value });
  return { recent, publish };
}

const PLAY = {
  user: "ada",
  key: "p-1",
  songId: "song-1",
  title: "",
  artist: "",
  playedAtMs: 0,
  seconds: 1,
};

describe("recent plays", () => {
  test("hear what other processes accept", async () => {
    const { recent, publish } = await openRecentPlays();
    await publish(encodePlay({ ...PLAY, acceptedAtMs: 1 }));
    await vi.waitFor(async () => expect(await recent.has("ada", "p-1")).toBe(true));
    await publish(encodeRetraction("ada", "p-1", 2));
    await vi.waitFor(async () => expect(await recent.has("ada", "p-1")).toBe(false));
  });

  test("do not go back to what they knew before", async () => {
    const { recent } = await openRecentPlays();
    recent.note("ada", "p-1", { exists: false, acceptedAtMs: 2 });
    recent.note("ada", "p-1", { exists: true, acceptedAtMs: 1 });
    expect(await recent.has("ada", "p-1")).toBe(false);
  });

  test("are none of an erased user's, but for those that came later", async () => {
    const { recent, publish } = await openRecentPlays();
    await publish(encodePlay({ ...PLAY, acceptedAtMs: 1 }));
    await publish(encodePlay({ ...PLAY, user: 'ada"', acceptedAtMs: 1 }));
    await publish(encodeErasure("ada", 2));
    await publish(encodePlay({ ...PLAY, key: "p-2", acceptedAtMs: 3 }));
    await vi.waitFor(async () => expect(await recent.has("ada", "p-2")).toBe(true));
    expect(await recent.has("ada", "p-1")).toBe(false);
    expect(await recent.has('ada"', "p-1")).toBe(true);
  });

  describe("that a crash left behind", () => {
    /** One play waits for the archive until `store` is called; then ask, with `looks` counted. */
    const openBehindBacklog = async (waitMs: number) => {
      const bus = await connectBus();
      const disk = Promise.withResolvers<void>();
      onTestFinished(() => disk.resolve());
      const stored = new Map<string, StoredPlay>();
      await bus.publish(TOPICS.plays, {
        key: "ada",
        value: encodePlay({ ...PLAY, acceptedAtMs: 1 }),
      });
      let looks = 0;
      const archive = {
        findPlay: async (_user: string, key: string) => {
          looks += 1;
          return stored.get(key);
        },
      };
      const recent = await RecentPlays.open({ bus, archive, waitMs });
      await bus.subscribe({
        group: PLAYS_GROUP,
        topics: [TOPICS.plays],
        handler: async () => {
          await disk.promise;
          stored.set("p-1", { ...PLAY, title: null, artist: null, session: null });
        },
      });
      return { recent, store: disk.resolve, looks: () => looks };
    };

    test("are waited for before there is said to be none", async () => {
      const { recent, store, looks } = await openBehindBacklog(6_000);
      const asked = recent.has("ada", "p-1");
      await vi.waitFor(() => expect(looks()).toBeGreaterThan(5));
      store();
      expect(await asked).toBe(true);
      expect(await recent.has("ada", "never-played")).toBe(false);
    });

    test("are not denied when they are not stored in time", async () => {
      const { recent } = await openBehindBacklog(0);
      await expect(recent.has("ada", "p-1")).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    });
  });

  test("wait a moment before they say that there is none", async () => {
    const { recent, publish } = await openRecentPlays();
    const asked = recent.has("ada", "p-1");
    await publish(encodePlay({ ...PLAY, acceptedAtMs: 1 }));
    expect(await asked).toBe(true);
  });
});
