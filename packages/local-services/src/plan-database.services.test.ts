/** Own servers beside that of the suite, as they are killed here. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openMysqlStore, type Store } from "@segue/store";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, makeMachine } from "../test/make-machine.ts";
import { type DatabasePlan, planDatabase } from "./plan-database.ts";
import type { RunningProgram } from "./start-program.ts";
import { startService, waitUntilReady } from "./start-service.ts";

const READY_MS = 60_000;

async function start({ launch }: DatabasePlan): Promise<RunningProgram> {
  const logFile = join(launch.folder, "log");
  const program = await startService(launch, { logFile });
  onTestFinished(async () => {
    await program.stop(0);
  });
  await waitUntilReady(launch, program, READY_MS);
  return program;
}

/** What the product's own store finds there, as the user that was made for it. */
async function inStore<Result>(
  url: string,
  work: (songs: Store["songs"]) => Promise<Result>,
): Promise<Result> {
  const store = await openMysqlStore({ url });
  try {
    return await work(store.songs);
  } finally {
    await store.close();
  }
}

const SONG = {
  id: "song-1",
  title: "Teal",
  artist: "The Greens",
  album: null,
  year: null,
  genre: null,
  seconds: null,
};

describe("the database", () => {
  it("lets its user in, keeps what was stored through kill -9, and is the same again", async () => {
    const folder = await makeFolder();
    const first = await planDatabase({ folder });
    const program = await start(first);
    await inStore(first.url, (songs) => songs.upsertSongs([SONG]));
    program.kill("SIGKILL");
    await program.exited;
    expect(await first.launch.isReady()).toBe(false);

    const steps: string[] = [];
    const second = await planDatabase({ folder, onStep: (step) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(second.url).toBe(first.url);
    const again = await start(second);
    expect(await inStore(second.url, (songs) => songs.songCount())).toBe(1);
    expect(await again.stop(READY_MS)).toEqual({ code: 0, signal: null });
  });

  it("has a password of its own that other users of the machine cannot read", async () => {
    const folders = [await makeFolder(), await makeFolder()];
    const plans = await Promise.all(folders.map((folder) => planDatabase({ folder })));
    const [one, other] = plans.map(({ url }) => new URL(url).password);
    expect(one).toMatch(/^[\w-]{24}$/);
    expect(other).not.toBe(one);
    for (const name of ["password", "start.sql"]) {
      const { mode } = await stat(join(folders[0] ?? "", name));
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it("is ready through more than a hundred checks, which do not make it refuse this machine", async () => {
    const plan = await planDatabase({ folder: await makeFolder() });
    await start(plan);
    for (let check = 0; check < 120; check += 1) expect(await plan.launch.isReady()).toBe(true);
    expect(await inStore(plan.url, (songs) => songs.songCount())).toBe(0);
  });

  it("that cannot read its data is told with the end of its log", async () => {
    const folder = await makeFolder();
    const plan = await planDatabase({ folder });
    await writeFile(join(folder, "data", "ibdata1"), "damaged");
    await expect(start(plan)).rejects.toThrow(/database ended with code 1 .*InnoDB/s);
    expect(await readFile(join(folder, "log"), "utf8")).toContain("ibdata1");
  });

  it("is missed where nothing is there to run it", async () => {
    const machine = await makeMachine({ mariadbd: "" });
    await expect(planDatabase({ folder: await makeFolder(), machine })).rejects.toMatchObject({
      code: "SERVICE_MISSING",
      details: { missing: ["mariadb-install-db"] },
    });
  });

  it("that cannot be created leaves nothing that looks like one", async () => {
    const failing = `echo "No space left on device" >&2; exit 1`;
    const machine = await makeMachine({ mariadbd: "", "mariadb-install-db": failing });
    const folder = await makeFolder();
    for (const _ of ["at first", "and again"]) {
      await expect(planDatabase({ folder, machine })).rejects.toMatchObject({
        code: "SERVICE_FAILED",
        message: expect.stringContaining("No space left on device") as string,
      });
    }
  });
});
