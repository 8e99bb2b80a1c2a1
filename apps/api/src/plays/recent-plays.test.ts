import { createInProcessBroker } from "@segue/bus";
import { pipelineTopics, TOPICS } from "@segue/contracts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { encodePlay, encodeRetraction } from "./play-message.ts";
import { RecentPlays } from "./recent-plays.ts";

/** Over an archive that never gets to store anything. */
async function openRecentPlays() {
  const bus = createInProcessBroker().connect("api");
  onTestFinished(() => bus.close());
  await bus.ensureTopics(pipelineTopics({ stageCount: 3, shardCount: 1 }));
  const findPlay = () => Promise.resolve(undefined);
  const recent = await RecentPlays.open(bus, { findPlay });
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

  test("wait a moment before they say that there is none", async () => {
    const { recent, publish } = await openRecentPlays();
    const asked = recent.has("ada", "p-1");
    await publish(encodePlay({ ...PLAY, acceptedAtMs: 1 }));
    expect(await asked).toBe(true);
  });
});
