import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openStore, type Store } from "@segue/store";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, runSegue, serve, startSegue } from "./run-segue.ts";

// Real: `segue serve` in processes of its own on folders of their own, ended gently and with SIGKILL.

const RECENT_SESSIONS = 5_000;
const CATALOGUE_MIN = 20_000;

describe("segue serve", () => {
  it("prints one line with its address, and answers the same after a restart", async () => {
    const dataDir = await makeFolder();
    const first = await serve(dataDir);
    const five = await findFive(first.address);
    const answer = await ask(first.address, five);
    const listening = await statisticsOf(first.address);
    expect(listening).toMatchObject({ listenerCount: 8 });
    first.kill("SIGTERM");
    const { code, stdout, stderr } = await first.ended;
    expect(code).toBe(0);
    expect(stdout).toBe(`Segue is ready at ${first.address}\n`);
    expect(stderr).toContain("First start: loading the demo catalogue");
    const second = await serve(dataDir);
    expect((await ask(second.address, five)).songs).toEqual(answer.songs);
    expect(await statisticsOf(second.address)).toEqual(listening);
    second.kill("SIGTERM");
    expect((await second.ended).stderr).not.toContain("First start");
  });

  it("refuses a data folder that another one uses, and takes it when that one was killed", async () => {
    const dataDir = await makeFolder();
    const first = await serve(dataDir);
    const second = await runSegue(["serve"], { SEGUE_DATA_DIR: dataDir, SEGUE_HTTP_PORT: "0" });
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`Another \`segue serve\` uses the data folder ${dataDir}`);
    first.kill("SIGKILL");
    await first.ended;
    await serve(dataDir);
  });

  it("answers everything under way when it is asked to stop", async () => {
    const product = await serve(await makeFolder());
    const five = await findFive(product.address);
    const load = startLoad(product.address, five);
    await load.has(({ answered }) => answered > 50);
    const stoppedAt = performance.now();
    product.kill("SIGTERM");
    const { code } = await product.ended;
    expect(code).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(8_000);
    const { brokenOff, statuses } = await load.stop();
    // What is sent while connections close may be refused; what was sent before is answered.
    expect(brokenOff.filter((sentAt) => sentAt < stoppedAt)).toEqual([]);
    expect([...statuses].every((status) => [200, 202, 503].includes(status))).toBe(true);
  });

  it("keeps accepted plays and receipts through a kill under load", async () => {
    const dataDir = await makeFolder();
    const product = await serve(dataDir);
    const load = startLoad(product.address, await findFive(product.address));
    // Long enough for receipts that must have been stored.
    await load.has(({ answered, sinceMs }) => answered > 200 && sinceMs > 2_000);
    const killedAt = performance.now();
    product.kill("SIGKILL");
    await product.ended;
    const { plays, receipts } = await load.stop();
    const restarted = await serve(dataDir);
    const store = await openWhole(dataDir);
    expect(plays.length).toBeGreaterThan(20);
    await expect.poll(() => missingPlays(store, plays)).toEqual([]);
    const settled = receipts.filter(({ at }) => at < killedAt - 1_000);
    expect(settled.length).toBeGreaterThan(0);
    for (const { requestId } of settled) {
      const found = await fetch(`${restarted.address}/v1/receipts/${requestId}`);
      expect(found.status, requestId).toBe(200);
    }
  });

  it.each([300, 1_000, 1_500, 2_000])(
    "comes up whole after a kill %d ms into its very first start",
    async (killAfterMs) => {
      const dataDir = await makeFolder();
      const killed = startSegue(["serve"], { SEGUE_DATA_DIR: dataDir });
      await Promise.race([setTimeout(killAfterMs), killed.ended]);
      killed.kill("SIGKILL");
      await killed.ended;
      const product = await serve(dataDir);
      const { receipt } = await ask(product.address, await findFive(product.address));
      expect(receipt.level).toBe("full");
      const store = await openWhole(dataDir);
      expect(await store.songs.songCount()).toBeGreaterThan(CATALOGUE_MIN);
      expect((await store.sessions.sessionCounts()).simulated).toBe(RECENT_SESSIONS);
      expect((await store.models.promotedModel())?.version).toBe(receipt.modelVersion);
    },
  );
});

describe("segue serve that cannot start", () => {
  it("says which port is taken, and leaves the folder whole", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const dataDir = await makeFolder();
    const refused = await runSegue(["serve"], {
      SEGUE_DATA_DIR: dataDir,
      SEGUE_HTTP_PORT: String(port),
    });
    expect(refused.code).toBe(2);
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toContain(`[CONFIG_INVALID] Cannot open port ${port} on 127.0.0.1`);
    expect(refused.stderr).toContain("set SEGUE_HTTP_PORT to another");
    const product = await serve(dataDir);
    expect((await fetch(`${product.address}/readyz`)).status).toBe(200);
  });

  it("says that the data folder is a file", async () => {
    const file = join(await makeFolder(), "data");
    await writeFile(file, "not a folder");
    const { code, stderr } = await runSegue(["serve"], { SEGUE_DATA_DIR: file });
    expect(code).toBe(2);
    expect(stderr).toContain(`The data folder ${file} cannot be made; set SEGUE_DATA_DIR`);
  });

  it("says that the database cannot be opened", async () => {
    const dataDir = await makeFolder();
    await mkdir(join(dataDir, "segue.db"));
    const { code, stderr } = await runSegue(["serve"], { SEGUE_DATA_DIR: dataDir });
    expect(code).toBe(3);
    expect(stderr).toContain("[STORE_UNAVAILABLE]");
    expect(stderr).toContain(join(dataDir, "segue.db"));
  });

  it("says that the database is none", async () => {
    const dataDir = await makeFolder();
    await writeFile(
      join(dataDir, "segue.db"),
      "This is a text, and it is no database at all. ".repeat(99),
    );
    const { code, stderr } = await runSegue(["serve"], { SEGUE_DATA_DIR: dataDir });
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(join(dataDir, "segue.db"));
    expect(stderr).not.toContain("[INTERNAL]");
  });
});

interface Answer {
  readonly requestId: string;
  readonly songs: readonly { readonly id: string; readonly score: number }[];
  readonly receipt: { readonly level: string; readonly modelVersion: string };
}

interface Play {
  readonly user: string;
  readonly key: string;
}

interface Load {
  /** Resolves once there has been enough of it. */
  has(enough: (load: { answered: number; sinceMs: number }) => boolean): Promise<void>;
  stop(): Promise<{
    /** Plays that were answered with 202. */
    readonly plays: readonly Play[];
    readonly receipts: readonly { readonly requestId: string; readonly at: number }[];
    readonly statuses: ReadonlySet<number>;
    /** When the calls were sent that got no answer. */
    readonly brokenOff: readonly number[];
  }>;
}

async function findFive(address: string): Promise<string[]> {
  const response = await fetch(`${address}/v1/trending?limit=5`);
  const { songs } = (await response.json()) as { songs: { id: string }[] };
  return songs.map(({ id }) => id);
}

async function statisticsOf(address: string): Promise<unknown> {
  return (await fetch(`${address}/v1/stats`)).json();
}

function post(address: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function ask(address: string, songs: readonly string[]): Promise<Answer> {
  const response = await post(address, "/v1/recommendations", { songs, limit: 10 });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/** Six callers, each with one call after the other, until they are stopped or refused. */
function startLoad(address: string, songs: readonly string[]): Load {
  const plays: Play[] = [];
  const receipts: { requestId: string; at: number }[] = [];
  const statuses = new Set<number>();
  let answered = 0;
  const brokenOff: number[] = [];
  const startedAt = performance.now();
  let isStopped = false;
  const playOnce = async (play: Play) => {
    const sent = { ...play, songId: songs[0], playedAt: new Date().toISOString(), seconds: 90 };
    const response = await post(address, "/v1/plays", { plays: [sent] });
    statuses.add(response.status);
    await response.arrayBuffer();
    if (response.status === 202) plays.push(play);
  };
  const askOnce = async () => {
    const response = await post(address, "/v1/recommendations", { songs, limit: 10 });
    statuses.add(response.status);
    const { requestId } = (await response.json()) as Answer;
    if (response.status === 200) receipts.push({ requestId, at: performance.now() });
  };
  const caller = async (number: number) => {
    for (let call = 0; !isStopped; call++) {
      const sentAt = performance.now();
      try {
        if (number % 2 === 0) await playOnce({ user: `listener ${number}`, key: `${call}` });
        else await askOnce();
        answered++;
      } catch {
        brokenOff.push(sentAt);
        return;
      }
    }
  };
  const callers = Promise.all([0, 1, 2, 3, 4, 5].map(caller));
  return {
    has: (enough) =>
      expect
        .poll(() => enough({ answered, sinceMs: performance.now() - startedAt }), {
          timeout: 30_000,
          interval: 20,
        })
        .toBe(true),
    async stop() {
      isStopped = true;
      await callers;
      return { plays, receipts, statuses, brokenOff };
    },
  };
}

async function openWhole(dataDir: string): Promise<Store> {
  const store = await openStore({ path: join(dataDir, "segue.db") });
  onTestFinished(() => store.close());
  expect(await store.findDamage()).toEqual([]);
  return store;
}

async function missingPlays(store: Store, plays: readonly Play[]): Promise<readonly Play[]> {
  const found = await Promise.all(plays.map(({ user, key }) => store.plays.findPlay(user, key)));
  return plays.filter((_, index) => found[index] === undefined);
}
