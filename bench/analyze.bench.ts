/**
 * `segue analyze` on generated files, beside DuckDB alone and beside one unary list to each service,
 * each as a program of its own from start to end. `npm run bench -- analyze [--short]`; short
 * leaves the large files out and keeps the result of the full run.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunMetrics } from "../apps/cli/src/analyze/run-metrics.ts";
import { generatePlays } from "./analyze/generated-plays.ts";
import { type MeasuredRun, measureProgram } from "./analyze/measured-program.ts";
import { describeMachine } from "./machine.ts";

interface Plan {
  readonly sizes: readonly number[];
  readonly rounds: number;
}

const FULL: Plan = { sizes: [100_000, 1_000_000, 5_000_000], rounds: 3 };
const SHORT: Plan = { sizes: [100_000], rounds: 1 };

/** The file of so many plays is also given several times, which adds rows and nothing new to count. */
const REPEATED_PLAYS = 1_000_000;
const REPEATS: readonly number[] = [1, 5, 10];

/** One list of more rows takes more memory than Node gives. */
const UNARY_PLAYS_MAX = 1_000_000;
/** Bars of the project. */
const DUCKDB_RATIO_MAX = 2;
const REPLACED_RATIO_MIN = 20;
/** Of the pipeline that this one replaces, on a machine with two cores. */
const REPLACED_SECONDS: ReadonlyMap<number, number> = new Map([
  [100_000, 7.6],
  [1_000_000, 70],
]);

const SEGUE = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));
const DUCKDB = fileURLToPath(new URL("analyze/duckdb-answers.ts", import.meta.url));
const UNARY = fileURLToPath(new URL("analyze/unary-path.ts", import.meta.url));

interface DuckDbAnswers {
  readonly songCount: number;
  readonly topSongs: readonly [string, number][];
  readonly genres: readonly [string, number][];
  readonly artists: readonly [string, number][];
  readonly userCount: number;
  readonly secondsTotal: number;
  readonly topArtistOfFirst: readonly string[];
}

export async function run(args: readonly string[]): Promise<void> {
  const plan = args.includes("--short") ? SHORT : FULL;
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-analyze-"));
  const results = [];
  try {
    for (const plays of plan.sizes) results.push(await measureSize(plays, plan.rounds, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (plan === SHORT) return;
  const report = {
    benchmark: "analyze",
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: { node: process.version },
    method: `median of ${plan.rounds} rounds, the programs in turn; whole programs with their start; peak is VmHWM`,
    bars: { duckDbRatioMax: DUCKDB_RATIO_MAX, replacedRatioMin: REPLACED_RATIO_MIN },
    results,
  };
  const path = new URL("results/analyze.json", import.meta.url);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

async function measureSize(plays: number, rounds: number, folder: string) {
  const file = join(folder, `${plays}.csv`);
  const generated = await generatePlays(file, plays);
  const fileMiB = Math.round(statSync(file).size / 2 ** 20);
  console.log(`\n${plays.toLocaleString("en")} plays, ${fileMiB} MiB`);
  const segue: MeasuredRun[] = [];
  const duckDb: MeasuredRun[] = [];
  const results = join(folder, "results");
  for (let round = 0; round < rounds; round++) {
    duckDb.push(await measureProgram([DUCKDB, file]));
    segue.push(await measureProgram([SEGUE, "analyze", file, "--results", results, "--keep", "1"]));
  }
  const metrics = JSON.parse(
    readFileSync(join(results, "run_grpc_metrics.json"), "utf8"),
  ) as RunMetrics;
  assertSameAnswers(metrics, JSON.parse(duckDb[0]?.stdout ?? "") as DuckDbAnswers);
  const unary = plays <= UNARY_PLAYS_MAX ? await measureUnary(file, rounds) : undefined;
  const repeated = plays === REPEATED_PLAYS ? await measureRepeats(file, results) : undefined;
  rmSync(file);
  const result = {
    ...generated,
    fileMiB,
    segue: { ...summaryOf(segue), inTheClientSeconds: metrics.performance.total_workflow_time },
    duckDb: summaryOf(duckDb),
    ...(unary === undefined ? {} : { unary: summaryOf(unary) }),
    ...(repeated === undefined ? {} : { repeated }),
    replacedSeconds: REPLACED_SECONDS.get(plays),
  };
  printResult(result);
  return result;
}

/** Slower by an order, so that fewer rounds tell enough. */
async function measureUnary(file: string, rounds: number): Promise<MeasuredRun[]> {
  const runs = [];
  for (let round = 0; round < Math.min(rounds, 2); round++) {
    runs.push(await measureProgram(["--max-old-space-size=8192", UNARY, file]));
  }
  return runs;
}

/** What memory rows alone take: the users, songs and artists stay the same. */
async function measureRepeats(file: string, results: string) {
  const runs = [];
  for (const times of REPEATS) {
    const files = Array.from({ length: times }, () => file);
    const { seconds, peakMiB } = await measureProgram([
      SEGUE,
      "analyze",
      ...files,
      "--results",
      results,
      "--keep",
      "1",
    ]);
    const plays = times * REPEATED_PLAYS;
    console.log(`  ${plays.toLocaleString("en")} plays of the same songs: peak ${peakMiB} MiB`);
    runs.push({ plays, seconds: Number(seconds.toFixed(2)), peakMiB });
  }
  return runs;
}

function assertSameAnswers(metrics: RunMetrics, answers: DuckDbAnswers): void {
  const { users } = metrics.userbehavior_results;
  const { genre_counts, top_genres } = metrics.genre_analysis_results;
  const ours: DuckDbAnswers & { readonly recommendedCount: number } = {
    songCount: metrics.mapreduce_results.count_keys,
    topSongs: Object.entries(metrics.mapreduce_results.top_songs),
    genres: top_genres.map((name) => [name, genre_counts[name] ?? 0]),
    artists: metrics.artist_results.top_artists.map(({ artist, plays }) => [artist, plays]),
    userCount: users.length,
    recommendedCount: Object.keys(metrics.recommendation_results.recommendations).length,
    secondsTotal: users.reduce((sum, { total_time }) => sum + total_time, 0),
    topArtistOfFirst: users.slice(0, 100).map(({ top_artist }) => top_artist),
  };
  if (JSON.stringify(ours) === JSON.stringify(answers)) return;
  throw new Error("segue analyze and DuckDB answer differently; no time of them means anything");
}

function summaryOf(runs: readonly MeasuredRun[]) {
  const seconds = runs.map((run) => run.seconds).toSorted((left, right) => left - right);
  const peaks = runs.flatMap(({ peakMiB }) => (peakMiB === undefined ? [] : [peakMiB]));
  return {
    seconds: Number((seconds[Math.floor(seconds.length / 2)] ?? 0).toFixed(2)),
    fastest: Number((seconds[0] ?? 0).toFixed(2)),
    slowest: Number((seconds.at(-1) ?? 0).toFixed(2)),
    peakMiB: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

type Summary = ReturnType<typeof summaryOf>;

function printResult(result: {
  readonly segue: Summary & { readonly inTheClientSeconds: number };
  readonly duckDb: Summary;
  readonly unary?: Summary;
  readonly replacedSeconds: number | undefined;
}): void {
  const { segue, duckDb, unary, replacedSeconds } = result;
  printRow("segue analyze", segue);
  printRow("DuckDB alone", duckDb);
  if (unary !== undefined) printRow("one unary list to each service", unary);
  console.log(
    `  segue / DuckDB: ${segue.seconds} / ${duckDb.seconds} s = ${(segue.seconds / duckDb.seconds).toFixed(2)} (bar: at most ${DUCKDB_RATIO_MAX} at 5 M plays)`,
  );
  if (unary !== undefined) {
    console.log(
      `  unary / segue: ${unary.seconds} / ${segue.seconds} s = ${(unary.seconds / segue.seconds).toFixed(1)}`,
    );
  }
  if (replacedSeconds !== undefined) {
    console.log(
      `  replaced pipeline / segue: ${replacedSeconds} / ${segue.seconds} s = ${(replacedSeconds / segue.seconds).toFixed(1)} (bar: at least ${REPLACED_RATIO_MIN} at 1 M plays)`,
    );
  }
}

function printRow(name: string, { seconds, fastest, slowest, peakMiB }: Summary): void {
  const peak = peakMiB === undefined ? "" : `, peak ${peakMiB} MiB`;
  console.log(`  ${name.padEnd(32)} ${seconds} s (${fastest} to ${slowest})${peak}`);
}
