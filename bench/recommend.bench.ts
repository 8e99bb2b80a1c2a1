/**
 * The whole path of a recommendation with reasons, over HTTP on loopback through all three stages,
 * beside the same network as one onnxruntime session: `npm run bench -- recommend [--short]`.
 * The product and the reference take turns, so that a slow moment of the machine meets both.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leaveOneOut } from "@segue/domain";
import {
  createRandomCheckpoint,
  createUnpartitionedModel,
  loadStage,
  type NetworkSize,
  planPartition,
  type StageInput,
} from "@segue/model";
import { describeMachine } from "./machine.ts";
import { type GeneratedProduct, startGeneratedProduct } from "./recommend/generated-product.ts";

interface World {
  readonly songCount: number;
  readonly size: NetworkSize;
}

const FULL: readonly World[] = [
  { songCount: 10_000, size: "S" },
  { songCount: 100_000, size: "S" },
  { songCount: 100_000, size: "M" },
  { songCount: 1_000_000, size: "S" },
];
const SHORT: readonly World[] = [{ songCount: 10_000, size: "S" }];
const PICKS = [5, 50] as const;
const CANDIDATES = 200;
const IN_FLIGHT = 16;
const WARM_UP = 30;
/** Of the project, at 100 k songs and size S. */
const BARS = { p50Ms: 15, p99Ms: 50, requestsPerSecond: 100, partitioning: 1.2, memory: 1.3 };

type Ask = (picks: number, turn: number) => Promise<void>;

export async function run(args: readonly string[]): Promise<void> {
  const isShort = args.includes("--short");
  const queries = isShort ? 100 : 300;
  const results = [];
  for (const world of isShort ? SHORT : FULL) results.push(await measureWorld(world, queries));
  const report = {
    benchmark: "recommend",
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: { node: process.version },
    isShort,
    bars: BARS,
    results,
  };
  if (!isShort)
    writeFileSync("bench/results/recommend.json", `${JSON.stringify(report, null, 2)}\n`);
}

async function measureWorld(world: World, queries: number) {
  console.log(`\n${world.songCount.toLocaleString("en")} songs, size ${world.size}`);
  const product = await startGeneratedProduct(world.songCount, world.size);
  try {
    const latency = [];
    for (const picks of PICKS) latency.push(await measureLatency(product, picks, queries));
    const requestsPerSecond = await measureThroughput(product, queries);
    console.log(`  at ${IN_FLIGHT} in flight, 5 picks: ${requestsPerSecond.toFixed(0)} requests/s`);
    const productMiB = {
      steady: mebibytes(product.residentBytes()),
      peak: mebibytes(product.residentPeakBytes()),
    };
    console.log(`  whole product resident: ${productMiB.steady} MiB, peak ${productMiB.peak} MiB`);
    return { ...world, latency, requestsPerSecond, productMiB, memory: measureMemory(world) };
  } finally {
    await product.stop();
  }
}

async function measureLatency(product: GeneratedProduct, picks: number, queries: number) {
  const { checkpoint } = product;
  const whole = await createUnpartitionedModel(checkpoint);
  const stages = await Promise.all(
    planPartition(checkpoint.manifest, { stages: 3, shards: 1 }).map((part) =>
      loadStage(checkpoint, part),
    ),
  );
  const asks: Readonly<Record<"product" | "stages" | "unpartitioned", Ask>> = {
    product: askOverHttp(product),
    async stages(count, turn) {
      const input = inputOf(product, count, turn);
      let next: StageInput = input;
      for (const stage of stages) {
        const output = await stage.run(next);
        if (output.kind === "activations") next = { ...input, activations: output.activations };
      }
    },
    async unpartitioned(count, turn) {
      await whole.run(inputOf(product, count, turn));
    },
  };
  const times = { product: [] as number[], stages: [] as number[], unpartitioned: [] as number[] };
  for (let turn = 0; turn < queries + WARM_UP; turn++) {
    for (const side of ["product", "stages", "unpartitioned"] as const) {
      const startedAt = performance.now();
      await asks[side](picks, turn);
      if (turn >= WARM_UP) times[side].push(performance.now() - startedAt);
    }
  }
  await Promise.all([whole.close(), ...stages.map((stage) => stage.close())]);
  const sides = {
    product: summarise(times.product),
    stages: summarise(times.stages),
    unpartitioned: summarise(times.unpartitioned),
  };
  const ratios = {
    productToUnpartitioned: sides.product.p50Ms / sides.unpartitioned.p50Ms,
    stagesToUnpartitioned: sides.stages.p50Ms / sides.unpartitioned.p50Ms,
  };
  console.log(
    `  ${picks} picks: product p50 ${show(sides.product.p50Ms)} p99 ${show(sides.product.p99Ms)} ms; three stages p50 ${show(sides.stages.p50Ms)} p99 ${show(sides.stages.p99Ms)} ms; unpartitioned p50 ${show(sides.unpartitioned.p50Ms)} p99 ${show(sides.unpartitioned.p99Ms)} ms; product/unpartitioned ${show(ratios.productToUnpartitioned)}, stages/unpartitioned ${show(ratios.stagesToUnpartitioned)}`,
  );
  return { picks, ...sides, ratios };
}

async function measureThroughput(product: GeneratedProduct, queries: number): Promise<number> {
  const ask = askOverHttp(product);
  let turn = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (turn < queries * 4) {
        turn += 1;
        await ask(5, turn);
      }
    }),
  );
  return (turn / (performance.now() - startedAt)) * 1000;
}

function measureMemory({ songCount, size }: World) {
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-memory-"));
  try {
    const file = join(folder, "model.safetensors");
    writeFileSync(file, createRandomCheckpoint({ songCount, size }));
    const text = execFileSync(
      process.execPath,
      ["--expose-gc", "bench/recommend/measure-memory.ts", file],
      { encoding: "utf8" },
    );
    const bytes = JSON.parse(text) as Readonly<
      Record<"idleBytes" | "steadyBytes" | "peakBytes" | "weightBytes", number>
    >;
    const ratio = (bytes.steadyBytes - bytes.idleBytes) / bytes.weightBytes;
    console.log(
      `  three loaded stages over an idle process: ${mebibytes(bytes.steadyBytes - bytes.idleBytes)} MiB for ${mebibytes(bytes.weightBytes)} MiB of weights, ratio ${show(ratio)}; load peak ${mebibytes(bytes.peakBytes)} MiB`,
    );
    return { ...bytes, ratio };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Distinct songs that change from turn to turn, the same for every side. */
function rowsOf({ checkpoint }: GeneratedProduct, picks: number, turn: number): number[] {
  const { songCount } = checkpoint.manifest;
  return Array.from({ length: picks }, (_, index) => (turn * 7919 + index * 104_729) % songCount);
}

/** What the dispatcher makes of the same picks. */
function inputOf(product: GeneratedProduct, picks: number, turn: number): StageInput {
  const rows = rowsOf(product, picks, turn);
  const variants = leaveOneOut(rows).sequences.map((sequence) => Uint32Array.from(sequence));
  return { variants, maskedRows: Uint32Array.from(rows), candidates: CANDIDATES };
}

function askOverHttp(product: GeneratedProduct): Ask {
  return async (picks, turn) => {
    const response = await fetch(`${product.address}/v1/recommendations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ songs: rowsOf(product, picks, turn).map((row) => `s${row}`) }),
    });
    const answer = (await response.json()) as { receipt?: { level: string } };
    if (answer.receipt?.level !== "full")
      throw new Error(`The product answered ${response.status} ${JSON.stringify(answer)}`);
  };
}

function summarise(times: readonly number[]) {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

const show = (value: number): string => value.toFixed(2);
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
