/**
 * Positions a second in training: ours and PyTorch's in turns, with the same network, sessions,
 * batches and one thread each. `npm run bench -- training [S|M] [--short]`; short writes no file. PyTorch is Debian's python3-torch;
 * with libopenblas0-pthread, since the reference BLAS is many times slower.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { NETWORK_SIZES, type NetworkSize } from "../packages/model/src/index.ts";
import { planBatches } from "../packages/training/src/batches/batch-plan.ts";
import { NegativeSampler } from "../packages/training/src/batches/negative-sampler.ts";
import { cutSegments } from "../packages/training/src/batches/segments.ts";
import { Random } from "../packages/training/src/random.ts";
import { sessionsFromLists } from "../packages/training/src/sessions/sessions.ts";
import { playCounts } from "../packages/training/src/sessions/vocabulary.ts";
import { NetworkTrainer } from "../packages/training/src/trainer/network-trainer.ts";
import { trainingSettings } from "../packages/training/src/trainer/training-settings.ts";
import { createAdamVector } from "../packages/training/src/weights/adam.ts";
import {
  denseLayoutFor,
  initialDenseWeights,
} from "../packages/training/src/weights/dense-layout.ts";
import { SongEmbedding } from "../packages/training/src/weights/song-embedding.ts";

const SONGS = 26_000;
const ARTISTS = 9_000;
const SESSIONS = 20_000;
const ROUNDS = 5;
const ROUNDS_SHORT = 1;
const STEPS_PER_ROUND = 60;
const WARM_UP_STEPS = 10;
const PYTHON = "/usr/bin/python3";

interface Timing {
  readonly seconds: number;
  /** Processor time: what matters where other programs run beside the benchmark. */
  readonly cpuSeconds: number;
  readonly loss: number;
}

/** One side of the comparison: trains the steps `from` ... `to - 1` and says how long it took. */
interface Side {
  readonly versions: Readonly<Record<string, string>>;
  run(from: number, to: number): Promise<Timing>;
  close(): Promise<void>;
}

/** Positions a second of one round. */
interface Speed {
  readonly byClock: number;
  readonly byProcessor: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const size: NetworkSize = args.includes("M") ? "M" : "S";
  const isShort = args.includes("--short");
  const workload = createWorkload(size);
  const sides = new Map<string, Side>([["segue", await openOurs(workload)]]);
  const pytorch = await openPyTorch(workload);
  if (pytorch === null) console.log(`PyTorch is not installed for ${PYTHON}; ours alone follows.`);
  else sides.set("pytorch", pytorch);
  const speeds = new Map<string, Speed[]>([...sides.keys()].map((name) => [name, []]));
  try {
    for (const side of sides.values()) await side.run(0, WARM_UP_STEPS);
    for (let round = 0; round < (isShort ? ROUNDS_SHORT : ROUNDS); round++) {
      const from = WARM_UP_STEPS + round * STEPS_PER_ROUND;
      const positions = workload.positionsIn(from, from + STEPS_PER_ROUND);
      for (const [name, side] of sides) {
        const { seconds, cpuSeconds, loss } = await side.run(from, from + STEPS_PER_ROUND);
        const speed = {
          byClock: Math.round(positions / seconds),
          byProcessor: Math.round(positions / cpuSeconds),
        };
        speeds.get(name)?.push(speed);
        console.log(
          `round ${round + 1}  ${name.padEnd(8)} ${formatSpeed(speed)}  loss ${loss.toFixed(3)}`,
        );
      }
    }
  } finally {
    for (const side of sides.values()) await side.close();
  }
  report(size, workload, sides, speeds, isShort);
}

type Workload = ReturnType<typeof createWorkload>;

/** Speed does not depend on what the sessions mean, so their songs are drawn at random. */
function createWorkload(size: NetworkSize) {
  const settings = trainingSettings({ size });
  const random = new Random(7);
  const lists = Array.from({ length: SESSIONS }, () =>
    Array.from({ length: 5 + random.below(16) }, () =>
      Math.min(SONGS - 1, Math.floor(SONGS * random.unit() ** 3)),
    ),
  );
  const sessions = sessionsFromLists(lists);
  const segments = cutSegments(sessions, settings.stepsMax);
  const plan = planBatches(segments, settings.batchSize, settings.seed, 1);
  return {
    settings,
    segments,
    plan,
    sampler: new NegativeSampler(playCounts(sessions, SONGS), settings.negativeAlpha),
    artists: Int32Array.from({ length: SONGS }, () => random.below(ARTISTS)),
    positionsIn: (from: number, to: number) =>
      plan
        .slice(from, to)
        .flatMap((members) => Array.from(members, (member) => segments.steps[member] as number))
        .reduce((sum, steps) => sum + steps, 0),
  };
}

async function openOurs({ settings, segments, plan, sampler, artists }: Workload): Promise<Side> {
  const { dimensions } = settings;
  const random = new Random(1);
  const vectors = new Float32Array(SONGS * dimensions.embedding).map(
    () => random.unit() * 0.1 - 0.05,
  );
  const trainer = await NetworkTrainer.open(
    dimensions,
    createAdamVector(initialDenseWeights(denseLayoutFor(dimensions), dimensions, random)),
    new SongEmbedding(vectors, dimensions.embedding, artists, ARTISTS),
    sampler,
    settings,
  );
  return {
    versions: { node: process.version, "onnxruntime-node": onnxruntimeVersion() },
    async run(from, to) {
      const startedAt = performance.now();
      const cpuBefore = process.cpuUsage();
      let lossSum = 0;
      for (let step = from; step < to; step++) {
        const members = plan[step] as Int32Array;
        const { loss, positions } = await trainer.step(segments, members, {
          number: step + 1,
          learningRate: settings.learningRate,
          random: new Random(1, step),
        });
        lossSum += loss / positions;
      }
      const { user, system } = process.cpuUsage(cpuBefore);
      return {
        seconds: (performance.now() - startedAt) / 1000,
        cpuSeconds: (user + system) / 1e6,
        loss: lossSum / (to - from),
      };
    },
    close: () => trainer.close(),
  };
}

/** @returns null where python3 or torch is missing */
async function openPyTorch(workload: Workload): Promise<Side | null> {
  if (spawnSync(PYTHON, ["-c", "import torch, numpy"]).status !== 0) return null;
  const folder = writeInputs(workload);
  const script = join(import.meta.dirname, "training-pytorch.py");
  const python: ChildProcessWithoutNullStreams = spawn(PYTHON, [script, folder], {
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  python.stderr.pipe(process.stderr);
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error("The PyTorch side ended early; its error is above");
    return JSON.parse(line.value) as Timing & { readonly torch: string; readonly blas: string };
  };
  const { torch, blas } = await answer();
  if (!blas.includes("openblas")) {
    console.log(`PyTorch multiplies with ${blas}, not OpenBLAS: it may be slower than it can be.`);
  }
  return {
    versions: { torch, blas },
    async run(from, to) {
      python.stdin.write(`${from} ${to}\n`);
      return answer();
    },
    async close() {
      const ended = new Promise((resolve) => python.once("close", resolve));
      python.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function writeInputs({ settings, segments, plan, sampler, artists }: Workload): string {
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-"));
  const offsets = [0];
  for (const members of plan) offsets.push((offsets.at(-1) as number) + members.length);
  const arrays = {
    "items.i32": segments.items,
    "starts.i32": segments.starts,
    "steps.i32": segments.steps,
    "artists.i32": artists,
    "plan.i32": Int32Array.from(plan.flatMap((members) => Array.from(members))),
    "planOffsets.i32": Int32Array.from(offsets),
    "logChance.f32": sampler.logChance,
  };
  for (const [name, data] of Object.entries(arrays)) {
    writeFileSync(
      join(folder, name),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }
  const config = { ...settings, ...settings.dimensions, songs: SONGS, artists: ARTISTS };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

function report(
  size: NetworkSize,
  { settings }: Workload,
  sides: ReadonlyMap<string, Side>,
  speeds: ReadonlyMap<string, readonly Speed[]>,
  isShort: boolean,
): void {
  const medians: Record<string, Speed> = {};
  for (const [name, rounds] of speeds) {
    medians[name] = {
      byClock: median(rounds.map((speed) => speed.byClock)),
      byProcessor: median(rounds.map((speed) => speed.byProcessor)),
    };
  }
  const ratio = ratioOf(medians["segue"], medians["pytorch"]);
  const result = {
    benchmark: "training",
    date: new Date().toISOString().slice(0, 10),
    machine: { processor: cpus()[0]?.model.trim(), cores: cpus().length, threadsUsed: 1 },
    versions: Object.assign({}, ...[...sides.values()].map((side) => side.versions)) as object,
    network: { size, ...NETWORK_SIZES[size], songs: SONGS, artists: ARTISTS },
    batch: { sessions: settings.batchSize, negatives: settings.negatives },
    positionsPerSecond: { medians, rounds: Object.fromEntries(speeds) },
    ratio,
    bar: "ratio at least 1",
  };
  console.log(`\nmedian of the rounds, size ${size}, one thread:`);
  for (const [name, speed] of Object.entries(medians)) {
    console.log(`  ${name.padEnd(8)} ${formatSpeed(speed)}`);
  }
  if (ratio !== null) {
    console.log(`  ratio    ${ratio.byClock} (${ratio.byProcessor} per processor second); bar: 1`);
  }
  if (isShort) return;
  const name = size === "S" ? "training" : "training-m";
  const path = new URL(`results/${name}.json`, import.meta.url);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}

function ratioOf(ours: Speed | undefined, theirs: Speed | undefined): Speed | null {
  if (ours === undefined || theirs === undefined) return null;
  const ratio = (one: number, other: number) => Number((one / other).toFixed(2));
  return {
    byClock: ratio(ours.byClock, theirs.byClock),
    byProcessor: ratio(ours.byProcessor, theirs.byProcessor),
  };
}

function formatSpeed({ byClock, byProcessor }: Speed): string {
  return `${byClock} positions/s (${byProcessor} per processor second)`;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function onnxruntimeVersion(): string {
  const path = new URL("../node_modules/onnxruntime-node/package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
