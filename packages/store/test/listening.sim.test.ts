// Real: SQLite in memory and in files. Fake: the power, which fails within transactions.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { PowerCut } from "./power-cut.ts";
import { runRandomHistory } from "./random-history.ts";
import { Dice } from "./random-operations.ts";
import { expectRecounted } from "./recounted.ts";

const SEEDS_IN_MEMORY = 1_000;
const SEEDS_ON_DISK = 100;
const STEPS = 12;
const ERASURE_SEED = 1;
const ERASURE_PLAYS_MAX = 40;
const ERASED_AT_ONCE = 3;
/** An erasure of some plays takes more. */
const STATEMENTS_MIN = 60;

describe("live statistics", () => {
  it(`equal a recount of all plays after any of ${SEEDS_IN_MEMORY} random histories with power cuts`, async () => {
    await runHistories(":memory:", 1, SEEDS_IN_MEMORY);
  });

  it(`and after any of ${SEEDS_ON_DISK} on disk`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-listening-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await runHistories(join(folder, "segue.db"), SEEDS_IN_MEMORY + 1, SEEDS_ON_DISK);
  });

  it("are those of the plays that are left when an erasure is cut at any statement, and go on from there", async () => {
    const power = new PowerCut(":memory:");
    onTestFinished(() => power.end());
    let store = await power.open();
    onTestFinished(() => store.close());
    let wholeCount = 0;
    const erase = async () => {
      await store.eraseUser("ada", undefined, ERASED_AT_ONCE);
      wholeCount += 1;
    };
    for (let statements = 0; wholeCount === 0; statements += 1) {
      const plays = new Dice(seededRandom(ERASURE_SEED), "erased").plays(ERASURE_PLAYS_MAX);
      await store.plays.appendPlays(plays);
      store = await power.interrupt(store, statements, erase);
      await expectFiguresOfStored(store, plays);
      await store.eraseUser("ada", undefined, ERASED_AT_ONCE);
      const left = plays.filter(({ user }) => user !== "ada");
      await expectFiguresOfStored(store, left);
      for (const { user, key } of left) await store.plays.deletePlay(user, key);
    }
    expect(power.cutCount).toBeGreaterThan(STATEMENTS_MIN);
  });
});

async function expectFiguresOfStored(store: Store, plays: readonly Play[]): Promise<void> {
  // The last one under a key is the play.
  const keys = new Map(plays.map(({ user, key }) => [JSON.stringify([user, key]), { user, key }]));
  const stored = await Promise.all(
    Array.from(keys.values(), ({ user, key }) => store.plays.findPlay(user, key)),
  );
  const left = stored.filter((each) => each !== undefined);
  await expectRecounted(store, { plays: left, facts: () => undefined });
}

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
