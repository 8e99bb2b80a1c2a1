import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { BATCH_SONGS, weightsOf } from "../../test/crash-samples.ts";
import { openStore, type Store } from "../open-store.ts";

const ROUNDS = 6;
const CHILD = join(import.meta.dirname, "../../test/crash-child.ts");

/** What the killed processes have said to be stored. */
interface Promised {
  readonly batches: number[];
  readonly models: number[];
}

describe("store of a process that is killed with SIGKILL while it imports and registers", () => {
  it("opens whole each time: all that was confirmed, and nothing by halves", async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-crash-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "segue.db");
    const promised: Promised = { batches: [], models: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      await writeUntilKilled(path, promised, round);
      const store = await openStore({ path });
      expect(await store.findDamage()).toEqual([]);
      await assertBatchesWhole(store, promised);
      await assertModelsWhole(store, promised);
      await store.close();
    }
    expect(promised.batches.length).toBeGreaterThan(ROUNDS);
    expect(promised.models.length).toBeGreaterThan(0);
  });
});

async function writeUntilKilled(path: string, promised: Promised, round: number): Promise<void> {
  const firstBatch = (promised.batches.at(-1) ?? -1) + 2;
  const firstModel = (promised.models.at(-1) ?? -1) + 2;
  const arguments_ = ["--disable-warning=ExperimentalWarning", CHILD, path];
  const child = spawn(process.execPath, [...arguments_, `${firstBatch}`, `${firstModel}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, number] = line.split(" ");
    (kind === "batch" ? promised.batches : promised.models).push(Number(number));
    lines += 1;
    // A moment that differs by round, somewhere within a transaction.
    if (lines === 8 + 2 * round) void setTimeout(round * 2.7).then(() => kill(child));
  }
  expect(await ended).toEqual([null, "SIGKILL"]);
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}

async function assertBatchesWhole(store: Store, promised: Promised): Promise<void> {
  const counts = new Map<number, number>();
  for await (const songs of store.songs.iterateSongs()) {
    for (const { id } of songs) {
      const batch = Number(id.slice(1, id.indexOf("-")));
      counts.set(batch, (counts.get(batch) ?? 0) + 1);
    }
  }
  expect(new Set(counts.values())).toEqual(new Set([BATCH_SONGS]));
  expect(promised.batches.filter((batch) => !counts.has(batch))).toEqual([]);
}

async function assertModelsWhole(store: Store, promised: Promised): Promise<void> {
  const versions = new Set<string>();
  for (const { version, sizeBytes } of await store.models.listModels()) {
    versions.add(version);
    const bytes = await (await store.models.openModel(version)).read(0, sizeBytes);
    expect(Buffer.compare(bytes, weightsOf(Number(version.slice(1))))).toBe(0);
  }
  expect(promised.models.filter((model) => !versions.has(`v${model}`))).toEqual([]);
}
