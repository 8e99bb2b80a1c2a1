/**
 * Catalogue search at 10 k, 100 k and 1 M tracks: time by query class, recall under typing errors,
 * memory and build time. `npm run bench -- search [--short]`; short leaves
 * the million out, for a run below a minute, and keeps the result of the full one.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { createSearchIndex, createSearchWorker } from "../packages/search/src/index.ts";
import { describeMachine } from "./machine.ts";
import { GeneratedTracks } from "./search/generated-tracks.ts";
import { type QueryClass, queryClasses } from "./search/query-classes.ts";

const LIMIT = 10;
const SCHEDULER_STATISTICS = "/proc/thread-self/schedstat";
/** Bars of the project: the slowest class must stay below, by size. */
const BARS_P99_MS: ReadonlyMap<number, number> = new Map([
  [100_000, 10],
  [1_000_000, 30],
]);

interface Plan {
  readonly sizes: readonly number[];
  readonly queriesPerClass: number;
  readonly rounds: number;
}

const FULL: Plan = { sizes: [10_000, 100_000, 1_000_000], queriesPerClass: 200, rounds: 3 };
const SHORT: Plan = { sizes: [10_000, 100_000], queriesPerClass: 100, rounds: 3 };

export async function run(args: readonly string[]): Promise<void> {
  const plan = args.includes("--short") ? SHORT : FULL;
  const directory = mkdtempSync(join(tmpdir(), "segue-bench-search-"));
  const results = [];
  try {
    for (const size of plan.sizes) results.push(await measureSize(size, plan, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  if (plan === SHORT) return;
  const report = {
    benchmark: "search",
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: { node: process.version, sqlite: process.versions["sqlite"] },
    method: `median of ${plan.rounds} runs of each query on one thread; ${plan.queriesPerClass} queries a class; bars are over the medians in wall time`,
    results,
  };
  const path = new URL("results/search.json", import.meta.url);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

async function measureSize(size: number, plan: Plan, directory: string) {
  const tracks = new GeneratedTracks(size);
  const classes = queryClasses(tracks, plan.queriesPerClass);
  const built = await measureWorker(tracks, directory, classes);
  const reopened = await measureWorker(tracks, directory, classes);
  const file = join(
    directory,
    readdirSync(directory).find((name) => name.endsWith(".sqlite")) ?? "",
  );
  const before = settledMemory();
  const index = createSearchIndex({ file });
  const figures = index.refresh();
  const opened = settledMemory();
  console.log(
    `\n${size.toLocaleString("en")} tracks, ${figures.wordCount.toLocaleString("en")} words`,
  );
  const rows = measureClasses(classes, plan.rounds, (text) => index.search(text, LIMIT));
  const resident = settledMemory().resident - before.resident;
  index.close();
  const result = {
    size,
    words: figures.wordCount,
    buildSeconds: rounded(built.readyMs / 1000),
    reopenMs: rounded(reopened.readyMs),
    fileMiB: mebibytes(statSync(file).size),
    heapMiB: mebibytes(opened.heap - before.heap),
    dictionaryMiB: mebibytes(figures.dictionaryBytes),
    residentMiB: mebibytes(resident),
    roundTripMs: reopened.roundTripMs,
    worstP99Ms: Math.max(...rows.map((row) => row.p99Ms)),
    worstP99CpuMs: Math.max(...rows.map((row) => row.p99CpuMs)),
    rows,
  };
  printSummary(result);
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  return result;
}

/** Time until searches are answered, and the way to the thread and back beyond the search itself. */
async function measureWorker(
  tracks: GeneratedTracks,
  directory: string,
  classes: readonly QueryClass[],
) {
  const startedAt = performance.now();
  const search = await createSearchWorker({ source: tracks, directory, refreshIntervalMs: 0 });
  const readyMs = performance.now() - startedAt;
  const timesMs: number[] = [];
  for (const { text } of classes.find(({ name }) => name === "no match")?.queries ?? []) {
    const askedAt = performance.now();
    await search.search(text, LIMIT);
    timesMs.push(performance.now() - askedAt);
  }
  await search.close();
  return {
    readyMs,
    roundTripMs: { p50: percentile(timesMs, 0.5), p99: percentile(timesMs, 0.99) },
  };
}

type Search = (text: string) => readonly { readonly title: string; readonly artist: string }[];

function measureClasses(classes: readonly QueryClass[], rounds: number, search: Search) {
  // A ninth of the queries compiles the code before anything is timed.
  for (const { queries } of classes) {
    for (const { text } of queries.filter((_, at) => at % 9 === 0)) search(text);
  }
  console.log(
    "  class                                     p50 ms   p99 ms   max ms  p99 CPU  recall  with artist",
  );
  return classes.map((queryClass) => {
    const row = measureClass(queryClass, rounds, search);
    printRow(row);
    return row;
  });
}

function measureClass({ name, queries, recallMin }: QueryClass, rounds: number, search: Search) {
  const timesMs: number[] = [];
  const cpuTimesMs: number[] = [];
  let titleHits = 0;
  let trackHits = 0;
  for (const { text, intended } of queries) {
    const runs = Array.from({ length: rounds }, () => timeSearch(text, search));
    timesMs.push(median(runs.map((run) => run.wallMs)));
    cpuTimesMs.push(median(runs.map((run) => run.cpuMs)));
    if (intended === undefined) continue;
    // Searches stop at a time limit; the fastest run was held up least by other processes.
    const fastest = runs.toSorted((left, right) => left.wallMs - right.wallMs)[0];
    const answers = fastest?.answers ?? [];
    const sameTitle = answers.filter((answer) => isSameTitle(answer.title, intended.title, text));
    if (sameTitle.length > 0) titleHits += 1;
    if (sameTitle.some((answer) => answer.artist === intended.artist)) trackHits += 1;
  }
  const hasIntended = queries[0]?.intended !== undefined;
  return {
    name,
    p50Ms: percentile(timesMs, 0.5),
    p99Ms: percentile(timesMs, 0.99),
    maxMs: percentile(timesMs, 1),
    p99CpuMs: percentile(cpuTimesMs, 0.99),
    ...(hasIntended
      ? {
          titleRecall: rounded(titleHits / queries.length, 3),
          trackRecall: rounded(trackHits / queries.length, 3),
        }
      : {}),
    ...(recallMin === undefined ? {} : { recallMin }),
  };
}

function timeSearch(text: string, search: Search) {
  const cpuBeforeMs = threadCpuMs();
  const startedAt = performance.now();
  const answers = search(text);
  const wallMs = performance.now() - startedAt;
  return { answers, wallMs, cpuMs: threadCpuMs() - cpuBeforeMs };
}

/** Time that this thread has computed; where Linux tells it to the nanosecond, and not by ticks. */
function threadCpuMs(): number {
  if (existsSync(SCHEDULER_STATISTICS)) {
    return Number(readFileSync(SCHEDULER_STATISTICS, "latin1").split(" ")[0]) / 1e6;
  }
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The title meant; for a piece of a CJK title, any title with that piece. */
function isSameTitle(title: string, intended: string, text: string): boolean {
  return title.toLowerCase() === intended.toLowerCase() || (isCjk(text) && title.includes(text));
}

function isCjk(text: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u.test(text);
}

function printRow(row: ReturnType<typeof measureClass>): void {
  const times = [row.p50Ms, row.p99Ms, row.maxMs, row.p99CpuMs].map((ms) =>
    ms.toFixed(1).padStart(8),
  );
  const recall =
    row.titleRecall === undefined || row.trackRecall === undefined
      ? ""
      : `${row.titleRecall.toFixed(3).padStart(8)} ${row.trackRecall.toFixed(3).padStart(12)}`;
  const bar = row.recallMin === undefined ? "" : `  (bar: ${row.recallMin.toFixed(2)} by title)`;
  console.log(`  ${row.name.padEnd(40)} ${times.join(" ")} ${recall}${bar}`);
}

function printSummary(result: Awaited<ReturnType<typeof measureSize>>): void {
  const bar = BARS_P99_MS.get(result.size);
  const barText = bar === undefined ? "" : ` (bar: ${bar} ms)`;
  console.log(
    `  slowest class, p99                       ${result.worstP99Ms} ms wall, ${result.worstP99CpuMs} ms CPU${barText}`,
  );
  console.log(
    `  thread and back, p50 / p99               ${result.roundTripMs.p50} / ${result.roundTripMs.p99} ms`,
  );
  console.log(`  built in ${result.buildSeconds} s, opened again in ${result.reopenMs} ms`);
  console.log(
    `  file ${result.fileMiB} MiB, heap ${result.heapMiB} MiB, dictionary arrays ${result.dictionaryMiB} MiB, resident with the mapped file ${result.residentMiB} MiB`,
  );
}

function settledMemory(): { heap: number; resident: number } {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0, 2);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

function mebibytes(bytes: number): number {
  return rounded(bytes / 2 ** 20);
}
