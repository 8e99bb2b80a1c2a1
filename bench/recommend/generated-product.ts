/** A product with a generated catalogue and a random model of it, in a temporary data folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  byteSourceOfBytes,
  type Checkpoint,
  createRandomCheckpoint,
  type NetworkSize,
  openCheckpoint,
} from "@segue/model";
import { openStore, type Store } from "@segue/store";

export interface GeneratedProduct {
  readonly address: string;
  readonly checkpoint: Checkpoint;
  /** Resident memory of the whole product now, in bytes. */
  residentBytes(): number;
  /** Largest resident memory since its start, in bytes. */
  residentPeakBytes(): number;
  stop(): Promise<void>;
}

const SONGS_PER_BATCH = 20_000;
const START_TIMEOUT_MS = 600_000;

export async function startGeneratedProduct(
  songCount: number,
  size: NetworkSize,
): Promise<GeneratedProduct> {
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-"));
  const store = await openStore({ path: join(folder, "segue.db") });
  const checkpoint = await fillStore(store, songCount, size).finally(() => store.close());
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "apps/cli/src/main.ts", "serve"],
    {
      env: {
        ...process.env,
        SEGUE_DATA_DIR: folder,
        SEGUE_HTTP_PORT: "0",
        SEGUE_GRPC_PORTS: "0",
        SEGUE_LOG_LEVEL: "warn",
        SEGUE_RATE_LIMIT_PER_MINUTE: "1000000",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const address = await addressOf(child);
  return {
    address,
    checkpoint,
    residentBytes: () => statusBytes(child, "VmRSS"),
    residentPeakBytes: () => statusBytes(child, "VmHWM"),
    async stop() {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts a generated catalogue and a random model of it into the store, and promotes the model. */
export async function fillStore(
  store: Store,
  songCount: number,
  size: NetworkSize,
): Promise<Checkpoint> {
  const bytes = createRandomCheckpoint({ songCount, size, version: `random-${size}-${songCount}` });
  const checkpoint = await openCheckpoint(byteSourceOfBytes(bytes));
  for (let first = 0; first < songCount; first += SONGS_PER_BATCH) {
    await store.songs.upsertSongs(
      generatedSongs(first, Math.min(songCount, first + SONGS_PER_BATCH)),
    );
  }
  await store.models.registerModel(checkpoint.manifest, [bytes]);
  await store.models.promote(checkpoint.manifest.version);
  return checkpoint;
}

/** Ids as the random checkpoint names them; ten songs an artist. */
function generatedSongs(first: number, end: number): Parameters<Store["songs"]["upsertSongs"]>[0] {
  return Array.from({ length: end - first }, (_, offset) => {
    const row = first + offset;
    const artist = `Artist ${Math.floor(row / 10)}`;
    return {
      id: `s${row}`,
      title: `Song ${row}`,
      artist,
      album: null,
      year: null,
      genre: null,
      seconds: null,
    };
  });
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(
      () => reject(new Error("The product did not get ready in ten minutes.")),
      START_TIMEOUT_MS,
    );
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [address] = /http:\/\/\S+/.exec(text) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.once("exit", (code) =>
      reject(new Error(`The product ended with ${code} before it was ready.`)),
    );
  });
}

/** A line of /proc/PID/status, which counts in KiB. */
function statusBytes(child: ChildProcess, name: string): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
  return Number(kibibytes) * 1024;
}
