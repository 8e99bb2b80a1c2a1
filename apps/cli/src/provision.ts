/**
 * Makes a new data folder usable: the bundled catalogue, the last simulated sessions, plays of made-up
 * listeners, the demo model.
 */
import {
  type DemoPlay,
  type DemoSong,
  demoPlays,
  lastSessions,
  loadCatalogue,
  loadDemoModel,
  RECENT_SESSION_COUNT,
} from "@segue/demo";
import { AppError } from "@segue/errors";
import { byteSourceOfBytes, openCheckpoint } from "@segue/model";
import type { Store } from "@segue/store";

export interface ProvisionOptions {
  /** When the plays of the made-up listeners end; without it there are none. */
  readonly playsUntil?: { readonly nowMs: number; readonly utcOffsetMs: number };
}

/**
 * Each step is repeated when a kill came before its end, and repeating it adds nothing. A catalogue of
 * one's own is left alone: it needs a model of its own, and MODEL_NOT_LOADED says so.
 */
export async function provision(
  store: Store,
  onStep: (text: string) => void,
  { playsUntil }: ProvisionOptions = {},
): Promise<void> {
  if ((await store.models.promotedModel()) !== undefined) return;
  const catalogue = loadCatalogue();
  if ((await store.songs.songCount()) === 0) {
    onStep("First start: loading the demo catalogue and its simulated listening ...");
    await store.songs.upsertSongs(catalogue);
  }
  await assertDemoCatalogue(store, catalogue);
  // The catalogue's popularity counts every simulated play already.
  await store.sessions.appendSessions(lastSessions(RECENT_SESSION_COUNT, catalogue), {
    source: "simulated",
    countsTowardsPopularity: false,
  });
  if (playsUntil !== undefined) {
    onStep("Adding what some made-up listeners played ...");
    await appendPlays(store, demoPlays({ catalogue, ...playsUntil }));
  }
  onStep("Registering the demo model ...");
  const checkpoint = loadDemoModel();
  const { manifest } = await openCheckpoint(byteSourceOfBytes(checkpoint));
  await store.models.registerModel(manifest, [checkpoint]);
  await store.models.promote(manifest.version);
}

/** By their keys, as any player's: plays that are there already stay single. */
async function appendPlays(store: Store, plays: readonly DemoPlay[]): Promise<void> {
  for (let start = 0; start < plays.length; start += PLAYS_AT_ONCE) {
    await store.plays.appendPlays(
      plays
        .slice(start, start + PLAYS_AT_ONCE)
        .map((play) => ({ ...play, title: null, artist: null, session: null })),
    );
  }
}

const PLAYS_AT_ONCE = 2_000;

async function assertDemoCatalogue(store: Store, catalogue: readonly DemoSong[]): Promise<void> {
  const ids = catalogue.map(({ id }) => id);
  const isDemo =
    (await store.songs.songCount()) === ids.length &&
    (await store.songs.unknownIds(ids)).length === 0;
  if (isDemo) return;
  throw new AppError(
    "MODEL_NOT_LOADED",
    "This catalogue has no model yet; import listening with `segue db import sessions FILE` and run `segue train`.",
  );
}
