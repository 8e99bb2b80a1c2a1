// Real: SQLite in memory and in files. Fake: the power, which fails within transactions.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { PowerCut } from "./power-cut.ts";
import { runRandomHistory } from "./random-history.ts";

const SEEDS_IN_MEMORY = 1_000;
const SEEDS_ON_DISK = 100;
const STEPS = 12;

describe("live statistics", () => {
  it(`equal a recount of all plays after any of ${SEEDS_IN_MEMORY} random histories with power cuts`, async () => {
    await runHistories(":memory:", 1, SEEDS_IN_MEMORY);
  });

  it(`and after any of ${SEEDS_ON_DISK} on disk`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-listening-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await runHistories(join(folder, "segue.db"), SEEDS_IN_MEMORY + 1, SEEDS_ON_DISK);
  });
});

async function runHistories(path: string, firstSeed: number, count: number): Promise<void> {
  const power = new PowerCut(path);
  let store = await power.open();
  onTestFinished(async () => {
    await store.close();
    await power.end();
  });
  let crashCount = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const end = await naming(seed, () => runRandomHistory(store, { seed, steps: STEPS, power }));
    store = end.store;
    crashCount += end.crashCount;
  }
  expect(crashCount).toBeGreaterThan(count);
  // In the others power failed before the work or behind it.
  expect(power.cutCount).toBeGreaterThan(count / 4);
}

async function naming<Result>(seed: number, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
    throw error;
  }
}
