import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byteSourceOfBytes, type Checkpoint, openCheckpoint } from "@segue/model";
import { openStore, type Store } from "@segue/store";
import { collectSessions, createSongTable, train } from "@segue/training";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { promoteUnlessWorse } from "./promotion.ts";
import type { TrainingData } from "./training-data.ts";

// Real: the store, the training and the judging; the networks are tiny.

const SONGS = 40;
const HALF_SUPPORT = 60;

let store: Store;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "segue-promotion-"));
  store = await openStore({ path: join(folder, "segue.db") });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
});

describe("promoteUnlessWorse", () => {
  it("promotes the first model without judging it", async () => {
    const data = listening("a");
    const model = await trainTiny(data, "first");
    const promotion = await promoteUnlessWorse(store, model, data, { isForced: false });
    expect(promotion).toEqual({ isPromoted: true, text: "It serves from the next start." });
    expect(await serving()).toBe(model.manifest.version);
  });

  it("refuses a model that knows half of the songs, unless it is forced", async () => {
    const data = listening("a");
    const whole = await trainTiny(data, "whole");
    await promoteUnlessWorse(store, whole, data, { isForced: false });
    const half = await trainTiny(data, "half", HALF_SUPPORT);
    expect(half.manifest.songCount).toBe(SONGS / 2);
    const refused = await promoteUnlessWorse(store, half, data, { isForced: false });
    expect(refused.isPromoted).toBe(false);
    expect(refused.mrr20?.trained).toBeLessThan(refused.mrr20?.serving ?? 0);
    expect(await serving()).toBe(whole.manifest.version);
    const forced = await promoteUnlessWorse(store, half, data, { isForced: true });
    expect(forced).toMatchObject({ isPromoted: true, mrr20: refused.mrr20 });
    expect(await serving()).toBe(half.manifest.version);
  });

  it("lets a forced model replace one that is damaged, and only a forced one", async () => {
    await store.models.registerModel({ version: "damaged" }, [Uint8Array.of(1, 2, 3)]);
    await store.models.promote("damaged");
    const data = listening("a");
    const model = await trainTiny(data, "sound");
    await expect(promoteUnlessWorse(store, model, data, { isForced: false })).rejects.toThrow();
    expect(await serving()).toBe("damaged");
    const forced = await promoteUnlessWorse(store, model, data, { isForced: true });
    expect(forced.isPromoted).toBe(true);
    expect(forced.text).toContain("was not compared with damaged");
    expect(await serving()).toBe(model.manifest.version);
  });

  it("lets a model of another catalogue give way", async () => {
    const before = listening("a");
    await promoteUnlessWorse(store, await trainTiny(before, "old"), before, { isForced: false });
    const data = listening("b");
    const model = await trainTiny(data, "new");
    const promotion = await promoteUnlessWorse(store, model, data, { isForced: false });
    expect(promotion).toMatchObject({ isPromoted: true, mrr20: { serving: 0 } });
    expect(await serving()).toBe(model.manifest.version);
  });
});

async function serving(): Promise<string | undefined> {
  return (await store.models.promotedModel())?.version;
}

/** Songs follow each other in two rings, of which the first is heard four times as often. */
function listening(prefix: string): TrainingData {
  const songs = createSongTable(
    Array.from({ length: SONGS }, (_, song) => ({
      id: `${prefix}${song}`,
      artist: `artist ${song}`,
      versionGroup: `${prefix}${song}`,
    })),
  );
  const records = Array.from({ length: 400 }, (_, session) => ({
    startedAt: session * 1_000,
    songIds: Array.from(
      { length: 8 },
      (_, step) =>
        `${prefix}${(session % 5 === 0 ? SONGS / 2 : 0) + ((session * 7 + step) % (SONGS / 2))}`,
    ),
  }));
  return { songs, sessions: collectSessions(records, songs) };
}

async function trainTiny(data: TrainingData, name: string, supportMin = 5): Promise<Checkpoint> {
  const { checkpoint, manifest } = await train({
    ...data,
    name,
    command: "segue train",
    size: { embedding: 16, hidden: 16 },
    epochsMax: 6,
    batchSize: 8,
    learningRate: 0.01,
    supportMin,
  });
  await store.models.registerModel(manifest, [checkpoint]);
  return openCheckpoint(byteSourceOfBytes(checkpoint));
}
