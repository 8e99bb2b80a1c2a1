// Real: SQLite in memory and in files. Nothing is fake.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, onTestFinished } from "vitest";
import { openStore, type Store } from "../src/open-store.ts";
import { runRandomHistory } from "./random-history.ts";

const SEEDS_IN_MEMORY = 1_000;
const SEEDS_ON_DISK = 100;
const STEPS = 12;

describe("live statistics", () => {
  it(`equal a recount of all plays after any of ${SEEDS_IN_MEMORY} random histories`, async () => {
    const store = await openStore({ path: ":memory:" });
    onTestFinished(() => store.close());
    for (let seed = 1; seed <= SEEDS_IN_MEMORY; seed += 1) {
      await naming(seed, () => runRandomHistory(store, { seed, steps: STEPS }));
    }
  });

  it(`and after any of ${SEEDS_ON_DISK} with processes that end and start again`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-listening-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const open = () => openStore({ path: join(folder, "segue.db") });
    let store = await open();
    onTestFinished(() => store.close());
    const reopen = async (old: Store) => {
      await old.close();
      return open();
    };
    for (let index = 1; index <= SEEDS_ON_DISK; index += 1) {
      const seed = SEEDS_IN_MEMORY + index;
      await naming(seed, async () => {
        store = await runRandomHistory(store, { seed, steps: STEPS, reopen });
      });
    }
  });
});

async function naming(seed: number, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
    throw error;
  }
}
