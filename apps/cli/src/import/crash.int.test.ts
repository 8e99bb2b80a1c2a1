import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { openStore, type Store } from "@segue/store";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

const CHILD = join(import.meta.dirname, "../../test/import-child.ts");
const SONGS = 7_000;
const PLAYS = 7_000;
const BATCH_ROWS = 700;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-import-crash-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const songs = Array.from({ length: SONGS }, (_, index) => `s${index},title ${index},artist`);
  await writeFile(join(folder, "songs.csv"), `id,title,artist\n${songs.join("\n")}\n`);
  const plays = Array.from(
    { length: PLAYS },
    (_, index) => `user ${index % 50},${1_700_000_000 + index * 60},s${index % 100}`,
  );
  await writeFile(join(folder, "plays.csv"), `user,timestamp,song_id\n${plays.join("\n")}\n`);
});

describe("import that is killed with SIGKILL again and again", () => {
  it("leaves whole batches, and repeating it completes it without counting twice", async () => {
    let songCount = 0;
    for (const progressLines of [1, 4, 11, 14, 17]) {
      expect(await runImport(progressLines)).toBe("SIGKILL");
      const store = await openStore({ path: join(folder, "segue.db") });
      expect(await store.findDamage()).toEqual([]);
      expect((await store.songs.songCount()) % BATCH_ROWS).toBe(0);
      expect((await store.plays.playCount()) % BATCH_ROWS).toBe(0);
      expect(await store.songs.songCount()).toBeGreaterThanOrEqual(songCount);
      songCount = await store.songs.songCount();
      await store.close();
    }
    expect(await runImport(Number.POSITIVE_INFINITY)).toBe(null);
    const store = await openStore({ path: join(folder, "segue.db") });
    onTestFinished(() => store.close());
    expect(await store.songs.songCount()).toBe(SONGS);
    expect(await store.plays.playCount()).toBe(PLAYS);
    expect(await popularityOf(store, "s7")).toBe(PLAYS / 100);
  });
});

/** Runs the import until it ends or has stored so many batches; returns the signal that ended it. */
async function runImport(progressLines: number): Promise<string | null> {
  const files = ["segue.db", "songs.csv", "plays.csv"].map((name) => join(folder, name));
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", CHILD, ...files],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = once(child, "exit");
  let lines = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    lines += 1;
    // A moment that differs each time, somewhere within the next batch.
    if (lines === progressLines)
      void setTimeout(progressLines * 0.3).then(() => child.kill("SIGKILL"));
  }
  const [code, signal] = (await ended) as [number | null, string | null];
  expect(code ?? 0).toBe(0);
  return signal;
}

async function popularityOf(store: Store, id: string): Promise<number | undefined> {
  await store.songs.currentRevision();
  return (await store.songs.songsByIds([id])).get(id)?.popularity;
}
