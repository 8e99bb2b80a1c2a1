/**
 * A recommendation with reasons over Kafka between real processes, beside the embedded product and a
 * bare round trip through the same brokers: `npm run bench -- cluster [--short]`.
 */
import { writeFileSync } from "node:fs";
import { createKafkaBus } from "@segue/bus";
import { stageTopic, TOPICS } from "@segue/contracts";
import { openBareRoundTrip, sampleSizes } from "./cluster/bare-round-trip.ts";
import { type Hop, type LoopFigures, runClosedLoop } from "./cluster/closed-loop.ts";
import { type GeneratedCluster, startGeneratedCluster } from "./cluster/generated-cluster.ts";
import { describeMachine } from "./machine.ts";
import { startGeneratedProduct } from "./recommend/generated-product.ts";

const IN_FLIGHT = [1, 8, 32] as const;
const PICKS = 5;
const SAMPLES = 40;
/** In the order of the path; the last two are those of a dispatcher and of an API server. */
const TOPICS_OF_THE_PATH = [
  TOPICS.requests,
  stageTopic(1),
  stageTopic(2),
  stageTopic(3),
  TOPICS.partials,
  TOPICS.replies,
];
const BARE_PARTITIONS = 3;
/** Of the project, on a quiet machine. */
const BARS = {
  p50MsAt8: 40,
  p99MsAt8: 150,
  p50ToLimit: 1.5,
  throughputToEmbeddedAt32: 0.5,
  busMsPerHop: 5,
};

export async function run(args: readonly string[]): Promise<void> {
  const isShort = args.includes("--short");
  const songCount = isShort ? 10_000 : 100_000;
  const load = { requests: isShort ? 150 : 800, warmUp: isShort ? 40 : 150 };
  console.log(`${songCount.toLocaleString("en")} songs, size S, ${PICKS} picks, three stages`);
  const embedded = await measureEmbedded(songCount, load);
  const cluster = await startGeneratedCluster(songCount, "S");
  try {
    const overKafka = await measureLoops(
      "over Kafka",
      load,
      askOverHttp(cluster.address, songCount),
    );
    const { sizes, bare } = await measureBare(cluster, songCount, load);
    const ratios = compare(embedded, overKafka, bare);
    const report = {
      benchmark: "cluster",
      date: new Date().toISOString().slice(0, 10),
      machine: describeMachine(),
      versions: { node: process.version },
      isShort,
      songCount,
      bars: BARS,
      embedded,
      overKafka,
      bareRoundTrip: { topics: TOPICS_OF_THE_PATH, sizesInBytes: sizes, loops: bare },
      ratios,
    };
    if (!isShort)
      writeFileSync("bench/results/cluster.json", `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await cluster.stop();
  }
}

interface Load {
  readonly requests: number;
  readonly warmUp: number;
}

async function measureEmbedded(songCount: number, load: Load): Promise<readonly LoopFigures[]> {
  const product = await startGeneratedProduct(songCount, "S");
  try {
    return await measureLoops("embedded", load, askOverHttp(product.address, songCount));
  } finally {
    await product.stop();
  }
}

async function measureLoops(
  name: string,
  { requests, warmUp }: Load,
  ask: (turn: number) => Promise<readonly Hop[]>,
): Promise<readonly LoopFigures[]> {
  const loops: LoopFigures[] = [];
  for (const inFlight of IN_FLIGHT) {
    // One at a time is slow: fewer of those tell as much.
    const share = inFlight === 1 ? 0.5 : 1;
    const figures = await runClosedLoop(ask, { inFlight, requests: requests * share, warmUp });
    loops.push(figures);
    console.log(
      `  ${name}, ${inFlight} in flight: p50 ${show(figures.p50Ms)} p99 ${show(figures.p99Ms)} ms, ${figures.requestsPerSecond.toFixed(0)} requests/s, computing ${show(figures.computeMs)} ms`,
    );
    for (const { name: hop, queueMs, computeMs } of figures.hops) {
      console.log(`      ${hop.padEnd(12)} waits ${show(queueMs)}, works ${show(computeMs)} ms`);
    }
  }
  return loops;
}

async function measureBare(
  cluster: GeneratedCluster,
  songCount: number,
  { requests, warmUp }: Load,
) {
  const bus = await createKafkaBus({
    brokers: cluster.brokers,
    clientName: "bench",
    replication: cluster.brokers.length,
  });
  try {
    const ask = askOverHttp(cluster.address, songCount);
    const sizes = await sampleSizes(bus, TOPICS_OF_THE_PATH, async () => {
      for (let turn = 0; turn < SAMPLES; turn++) await ask(turn);
    });
    console.log(`  bytes on the way: ${sizes.join(", ")}`);
    const roundTrip = await openBareRoundTrip(bus, sizes, BARE_PARTITIONS);
    const bare = await measureLoops("bare round trip", { requests, warmUp }, async () => {
      await roundTrip.once();
      return [];
    });
    await roundTrip.close();
    return { sizes, bare };
  } finally {
    await bus.close();
  }
}

function compare(
  embedded: readonly LoopFigures[],
  overKafka: readonly LoopFigures[],
  bare: readonly LoopFigures[],
) {
  return overKafka.map((figures, index) => {
    const limitMs = (bare[index]?.p50Ms ?? Number.NaN) + figures.computeMs;
    const ratios = {
      inFlight: figures.inFlight,
      p50ToLimit: figures.p50Ms / limitMs,
      throughputToEmbedded:
        figures.requestsPerSecond / (embedded[index]?.requestsPerSecond ?? Number.NaN),
      bareMsPerHop: (bare[index]?.p50Ms ?? Number.NaN) / TOPICS_OF_THE_PATH.length,
    };
    console.log(
      `  ${ratios.inFlight} in flight: p50 / (bare round trip + computing) ${show(ratios.p50ToLimit)} (bar ${BARS.p50ToLimit}), throughput / embedded ${show(ratios.throughputToEmbedded)} (bar ${BARS.throughputToEmbeddedAt32} at 32), bare hop ${show(ratios.bareMsPerHop)} ms (bar ${BARS.busMsPerHop})`,
    );
    return ratios;
  });
}

function askOverHttp(address: string, songCount: number) {
  return async (turn: number): Promise<readonly Hop[]> => {
    const songs = Array.from(
      { length: PICKS },
      (_, index) => `s${(turn * 7_919 + index * 104_729) % songCount}`,
    );
    const response = await fetch(`${address}/v1/recommendations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ songs }),
    });
    const answer = (await response.json()) as {
      readonly receipt?: { readonly level: string; readonly hops: readonly Hop[] };
    };
    if (answer.receipt?.level !== "full")
      throw new Error(`It answered ${response.status} ${JSON.stringify(answer)}`);
    return answer.receipt.hops;
  };
}

const show = (value: number): string => value.toFixed(2);
