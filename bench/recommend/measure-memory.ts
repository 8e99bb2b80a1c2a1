/**
 * Run as a process of its own: resident memory that three loaded and warm stages add to an idle
 * process, beside the parameters that they need. Prints one line of JSON.
 *   node bench/recommend/measure-memory.ts CHECKPOINT_FILE
 */
import { readFileSync } from "node:fs";
import {
  byteSourceOfBytes,
  byteSourceOfFile,
  createInferencePool,
  createRandomCheckpoint,
  type InferencePool,
  loadStageWeights,
  openCheckpoint,
  planPartition,
  weightBytesOf,
} from "@segue/model";

const SONGS = 50;
const SEQUENCES = 9;
const RUNS = 30;

/** VmRSS or VmHWM of this process, in bytes. */
function statusBytes(name: string): number {
  const [, kibibytes] =
    new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}

async function loadPools(
  source: Parameters<typeof openCheckpoint>[0],
): Promise<{ pools: InferencePool[]; weightBytes: number }> {
  const checkpoint = await openCheckpoint(source);
  const pools: InferencePool[] = [];
  let weightBytes = 0;
  for (const part of planPartition(checkpoint.manifest, { stages: 3, shards: 1 })) {
    const weights = await loadStageWeights(checkpoint, part);
    weightBytes += weightBytesOf(weights);
    pools.push(await createInferencePool({ weights }));
  }
  return { pools, weightBytes };
}

async function run(pools: readonly InferencePool[], songCount: number): Promise<void> {
  const variants = Array.from({ length: SEQUENCES }, (_, variant) =>
    Uint32Array.from(
      { length: SONGS - (variant === 0 ? 0 : 1) },
      (_, step) => (step * 37 + variant) % songCount,
    ),
  );
  const input = { variants, maskedRows: variants[0] ?? new Uint32Array(), candidates: 200 };
  let next: Parameters<InferencePool["run"]>[0] = input;
  for (const pool of pools) {
    const { output } = await pool.run(next);
    if (output.kind === "activations") next = { ...input, activations: output.activations };
  }
}

// The idle side: the same program with a model of next to nothing, so that libraries, threads and
// sessions are there.
const idle = await loadPools(byteSourceOfBytes(createRandomCheckpoint({ songCount: 1000 })));
await run(idle.pools, 1000);
await Promise.all(idle.pools.map((pool) => pool.close()));
globalThis.gc?.();
const idleBytes = statusBytes("VmRSS");

const [, , file = ""] = process.argv;
const loaded = await loadPools(await byteSourceOfFile(file));
const songCount =
  loaded.pools[0] === undefined
    ? 0
    : (await openCheckpoint(await byteSourceOfFile(file))).manifest.songCount;
for (let index = 0; index < RUNS; index++) await run(loaded.pools, songCount);
globalThis.gc?.();
const steadyBytes = statusBytes("VmRSS");
console.log(
  JSON.stringify({
    idleBytes,
    steadyBytes,
    peakBytes: statusBytes("VmHWM"),
    weightBytes: loaded.weightBytes,
  }),
);
await Promise.all(loaded.pools.map((pool) => pool.close()));
