/**
 * Live statistics: plays per second into durable, counted state over HTTP, how soon a play is in the
 * figures while 2,000 others a second come in, and how long figures of a period take over many
 * plays: `npm run bench -- live [--short] [--plays=N] [--database=FILE] [arriving | cluster | periods]`.
 * A part run alone replaces its figures; `cluster` is the same as `arriving` over Kafka with three
 * brokers and is run by name only. N is how many plays are stored, 10 M by default, which takes minutes
 * to count; FILE keeps them, counted, for the next run.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  ALL_TIME,
  type BucketRange,
  bucketOf,
  parsePeriod,
  zoneCalendarFor,
} from "@segue/statistics/live";
import type { Store } from "@segue/store";
import { seededRandom } from "@segue/testkit";
import { startGeneratedCluster } from "./cluster/generated-cluster.ts";
import {
  FIRST_PLAY_MS,
  LAST_PLAY_MS,
  openCountedPlays,
  type PlayWorld,
  userOf,
} from "./live/stored-plays.ts";
import { describeMachine } from "./machine.ts";
import { startGeneratedProduct } from "./recommend/generated-product.ts";

interface Plan {
  readonly catalogue: number;
  readonly floodSeconds: number;
  readonly probeSeconds: number;
  readonly stored: PlayWorld;
  /** Undefined: a new one that goes when the run ends. */
  readonly database?: string;
  readonly questions: number;
}

const FULL: Plan = {
  catalogue: 100_000,
  floodSeconds: 20,
  probeSeconds: 40,
  stored: { plays: 10_000_000, songs: 100_000, users: 10_000 },
  questions: 100,
};
const SHORT: Plan = {
  catalogue: 10_000,
  floodSeconds: 4,
  probeSeconds: 8,
  stored: { plays: 200_000, songs: 20_000, users: 1_000 },
  questions: 30,
};
/** Of the project; the last one at 10 M plays. */
const BARS = { playsPerSecond: 2_000, freshnessMsP99: 1_000, periodMs: 100 };
const ALONE = ["arriving", "periods"] as const;
const RESULTS = "bench/results/live.json";
const BATCH = 100;
const IN_FLIGHT = 8;
const USERS = 2_000;
const PROBE_INTERVAL_MS = 200;
const LOOK_INTERVAL_MS = 25;
const REPEAT_AFTER_MS = 100;

export async function run(args: readonly string[]): Promise<void> {
  const isShort = args.includes("--short");
  const plan = withOptions(isShort ? SHORT : FULL, args);
  const parts = { arriving: measureArriving, cluster: measureCluster, periods: measurePeriods };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const chosen = names.filter((name) => args.includes(name));
  const results: Record<string, unknown> = {};
  for (const name of chosen.length === 0 ? ALONE : chosen) {
    results[name] = { ...(await parts[name](plan)), machine: describeMachine() };
  }
  if (isShort) return;
  const report = {
    ...(existsSync(RESULTS) ? storedResults() : {}),
    benchmark: "live",
    date: new Date().toISOString().slice(0, 10),
    versions: { node: process.version, sqlite: process.versions["sqlite"] },
    bars: BARS,
    ...results,
  };
  writeFileSync(RESULTS, `${JSON.stringify(report, null, 2)}\n`);
}

function withOptions(plan: Plan, args: readonly string[]): Plan {
  const optionOf = (pattern: RegExp) => args.map((arg) => pattern.exec(arg)?.[1]).find(Boolean);
  const plays = Number(optionOf(/^--plays=(\d+)$/) ?? plan.stored.plays);
  const database = optionOf(/^--database=(.+)$/);
  return { ...plan, stored: { ...plan.stored, plays }, ...(database && { database }) };
}

function storedResults(): object {
  return JSON.parse(readFileSync(RESULTS, "utf8")) as object;
}

/** The whole product in one process; this process is its clients. */
async function measureArriving(plan: Plan) {
  console.log("\nplays over HTTP, one process");
  return measureThrough(
    await startGeneratedProduct(plan.catalogue, "S"),
    plan,
    () => BARS.playsPerSecond,
  );
}

/** Three API servers behind a balancer, three brokers and a database server share the machine. */
async function measureCluster(plan: Plan) {
  console.log("\nplays over HTTP, a cluster with three brokers");
  // Beyond what it stores there is no freshness to measure, but a queue that grows.
  const halfOf = (sustained: number) => Math.min(BARS.playsPerSecond, sustained / 2);
  return measureThrough(await startGeneratedCluster(plan.catalogue, "S"), plan, halfOf);
}

interface Served {
  readonly address: string;
  stop(): Promise<void>;
}

async function measureThrough(
  product: Served,
  plan: Plan,
  loadFor: (sustainedPerSecond: number) => number,
) {
  try {
    const client = new PlayClient(product.address, plan.catalogue);
    const sustained = await measureSustained(client, plan.floodSeconds);
    const playsPerSecond = loadFor(sustained.countedPerSecond);
    const freshness = await measureFreshness(client, plan.probeSeconds, playsPerSecond);
    return { sustained, freshness };
  } finally {
    await product.stop();
  }
}

async function measureSustained(client: PlayClient, seconds: number) {
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + seconds * 1_000;
  const send = async () => {
    while (performance.now() < endsAtMs) await client.sendBatch();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, send));
  const acceptedMs = performance.now() - startedAtMs;
  while ((await client.countedPlays("")) < client.sentCount) await pause(LOOK_INTERVAL_MS);
  const countedMs = performance.now() - startedAtMs;
  const result = {
    plays: client.sentCount,
    acceptedPerSecond: Math.round((client.sentCount / acceptedMs) * 1_000),
    countedPerSecond: Math.round((client.sentCount / countedMs) * 1_000),
  };
  console.log(
    `  accepted ${result.acceptedPerSecond}/s; durable and counted ${result.countedPerSecond}/s (bar ${BARS.playsPerSecond})`,
  );
  return result;
}

/** From the moment a play is sent to the answer that counts it. */
async function measureFreshness(client: PlayClient, seconds: number, wantedPerSecond: number) {
  const endsAtMs = performance.now() + seconds * 1_000;
  const load = sendSteadily(client, endsAtMs, wantedPerSecond);
  const timesMs: number[] = [];
  for (let probe = 1; performance.now() < endsAtMs; probe += 1) {
    const sentAtMs = performance.now();
    await client.sendProbe(probe);
    while ((await client.countedPlays("probe")) < probe) await pause(LOOK_INTERVAL_MS);
    timesMs.push(performance.now() - sentAtMs);
    await pause(PROBE_INTERVAL_MS);
  }
  const playsPerSecond = await load;
  const result = {
    playsPerSecond,
    probes: timesMs.length,
    p50Ms: percentile(timesMs, 0.5),
    p99Ms: percentile(timesMs, 0.99),
  };
  console.log(
    `  at ${playsPerSecond} plays/s: fresh after p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms (bar ${BARS.freshnessMsP99} ms)`,
  );
  return result;
}

/** Returns how many a second it came to. */
async function sendSteadily(
  client: PlayClient,
  endsAtMs: number,
  wantedPerSecond: number,
): Promise<number> {
  const startedAtMs = performance.now();
  const before = client.sentCount;
  const sending: Promise<void>[] = [];
  for (let batch = 0; performance.now() < endsAtMs; batch += 1) {
    sending.push(client.sendBatch());
    const nextAtMs = startedAtMs + ((batch + 1) * 1_000 * BATCH) / wantedPerSecond;
    await pause(Math.max(0, nextAtMs - performance.now()));
  }
  await Promise.all(sending);
  return Math.round(((client.sentCount - before) / (performance.now() - startedAtMs)) * 1_000);
}

class PlayClient {
  sentCount = 0;
  readonly #address: string;
  readonly #songCount: number;
  readonly #random = seededRandom(7);

  constructor(address: string, songCount: number) {
    this.#address = address;
    this.#songCount = songCount;
  }

  async sendBatch(): Promise<void> {
    const first = this.sentCount;
    this.sentCount += BATCH;
    const user = () => `listener-${Math.floor(USERS * this.#random.next() ** 2)}`;
    await this.#post(
      Array.from({ length: BATCH }, (_, index) => this.#play(user(), first + index)),
    );
  }

  async sendProbe(number: number): Promise<void> {
    await this.#post([this.#play("probe", number)]);
  }

  /** Of everybody where the user is empty. */
  async countedPlays(user: string): Promise<number> {
    const path = user === "" ? "/v1/stats" : `/v1/users/${user}/stats`;
    const response = await fetch(`${this.#address}${path}`);
    // It has much to count, or is too busy to say so.
    if (response.status === 503 || response.status === 504) return 0;
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const { plays } = (await response.json()) as { plays: number };
    return plays;
  }

  #play(user: string, number: number) {
    return {
      user,
      key: `p-${number}`,
      songId: `s${Math.floor(this.#songCount * this.#random.next() ** 3)}`,
      playedAt: new Date().toISOString(),
      seconds: this.#random.between(20, 300),
    };
  }

  /** Repeats while it is told to come again: the same keys are the same plays. */
  async #post(plays: readonly object[]): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.#address}/v1/plays`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ plays }),
      });
      await response.arrayBuffer();
      if (response.status === 202) return;
      if (response.status !== 429 && response.status !== 503) {
        throw new Error(`Plays were answered with ${response.status}`);
      }
      await pause(REPEAT_AFTER_MS);
    }
  }
}

async function measurePeriods({ stored, database, questions }: Plan) {
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-live-"));
  try {
    console.log(`\n${stored.plays.toLocaleString("en")} stored plays`);
    const counted = await openCountedPlays(database ?? join(folder, "segue.db"), stored);
    console.log(`  counted in ${counted.countingSeconds.toFixed(1)} s`);
    const rows = [];
    for (const [name, ask] of questionsOf(counted.store, stored))
      rows.push(await timeAll(name, ask, questions));
    await counted.store.close();
    const { countingSeconds, countsMiB } = counted;
    return { stored, countingSeconds, countsMiB, periods: rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ask = (turn: number) => Promise<unknown>;

function questionsOf(store: Store, world: PlayWorld): readonly (readonly [string, Ask])[] {
  const random = seededRandom(9);
  const anyRange = (): BucketRange => {
    const edges = [0, 1].map(() =>
      bucketOf(FIRST_PLAY_MS + (LAST_PLAY_MS - FIRST_PLAY_MS) * random.next()),
    );
    return { fromBucket: Math.min(...edges), toBucket: Math.max(...edges) };
  };
  const berlin = zoneCalendarFor("Europe/Berlin");
  // As many days and months at both ends as can be.
  const longest = parsePeriod({ from: "2023-01-02", to: "2025-12-30" }, berlin);
  // Neither whole years nor years without a little.
  const halves = parsePeriod({ from: "2023-06-16", to: "2025-06-15" }, berlin);
  const read = (range: BucketRange, user?: string) =>
    store.listening.readListening({ range, limit: 20, ...(user === undefined ? {} : { user }) });
  return [
    ["everybody, all time", () => read(ALL_TIME)],
    ["everybody, any period", () => read(anyRange())],
    ["everybody, nearly all, in Berlin", () => read(longest)],
    ["everybody, from half to half year", () => read(halves)],
    ["most active user, all time", () => read(ALL_TIME, userOf(0))],
    ["any user, any period", (turn) => read(anyRange(), userOf((turn * 37) % world.users))],
  ];
}

async function timeAll(name: string, ask: Ask, turns: number) {
  for (let turn = 0; turn < 3; turn += 1) await ask(turn);
  const timesMs: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const startedAtMs = performance.now();
    await ask(turn);
    timesMs.push(performance.now() - startedAtMs);
  }
  const row = { name, p50Ms: percentile(timesMs, 0.5), p99Ms: percentile(timesMs, 0.99) };
  console.log(
    `  ${name.padEnd(34)} p50 ${row.p50Ms} ms, p99 ${row.p99Ms} ms (bar ${BARS.periodMs} ms)`,
  );
  return row;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 10) / 10;
}
