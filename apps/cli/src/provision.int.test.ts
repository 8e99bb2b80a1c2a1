import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_LISTENERS, demoPlays, loadCatalogue } from "@segue/demo";
import { ALL_TIME } from "@segue/statistics/live";
import { openStore, type Store } from "@segue/store";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { provision } from "./provision.ts";

// Real: the store, the bundled catalogue, the simulated listening, the demo model.

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = { nowMs: Date.UTC(2026, 10, 20, 16, 30), utcOffsetMs: 0 };

let store: Store;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "segue-provision-"));
  store = await openStore({ path: join(folder, "segue.db") });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
});

const everybody = () => store.listening.readListening({ range: ALL_TIME, limit: 20 });

describe("provision", () => {
  it("adds the plays of the made-up listeners, which count as any play does", async () => {
    await provision(store, () => {}, { playsUntil: NOW });
    const plays = demoPlays({ catalogue: loadCatalogue(), ...NOW });
    expect(await store.plays.playCount()).toBe(plays.length);
    const { heardMs, topListeners, ...figures } = await everybody();
    expect(figures.plays).toBe(plays.length);
    expect(heardMs).toBe(plays.reduce((sum, { seconds }) => sum + seconds * 1000, 0));
    expect(topListeners.map(({ name }) => name).sort()).toEqual(DEMO_LISTENERS);
    const steps: string[] = [];
    await provision(store, (step) => steps.push(step), {
      playsUntil: { ...NOW, nowMs: NOW.nowMs + 30 * DAY_MS },
    });
    expect(steps).toEqual([]);
    expect((await everybody()).plays).toBe(plays.length);
  });

  it("adds each play once when a kill came before the end", async () => {
    const catalogue = loadCatalogue();
    await store.songs.upsertSongs(catalogue);
    const plays = demoPlays({ catalogue, ...NOW });
    const early = plays.slice(0, 3000);
    await store.plays.appendPlays(
      early.map((play) => ({ ...play, title: null, artist: null, session: null })),
    );
    await provision(store, () => {}, { playsUntil: NOW });
    expect((await everybody()).plays).toBe(plays.length);
  });

  it("adds no plays unless it is told until when", async () => {
    await provision(store, () => {});
    expect(await store.plays.playCount()).toBe(0);
  });

  it("leaves a catalogue of one's own alone", async () => {
    const [song] = loadCatalogue();
    await store.songs.upsertSongs(song === undefined ? [] : [{ ...song, id: "own" }]);
    await expect(provision(store, () => {}, { playsUntil: NOW })).rejects.toMatchObject({
      code: "MODEL_NOT_LOADED",
    });
    expect(await store.plays.playCount()).toBe(0);
  });
});
