/**
 * The analytics services of a real cluster, behind its balancer and each by itself, asked by the real
 * command. Kafka and the model play no part, so that there is one of each.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { eventually } from "@segue/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, type Run, runSegue, startSegue } from "../e2e/run-segue.ts";
import { type Cluster, startCluster } from "./cluster.ts";

const SAMPLE = "test/samples/plays.csv";
/** Two shares of half a million rows: one of each half of the plays. */
const REPEATS = 5_500;
/** Of the tens of megabytes that its calls bring. */
const UNDER_WAY_BYTES = 2 * 1024 * 1024;
const ONE_OF_EACH = "--apis 1 --dispatchers 1 --replicas 1 --brokers 1".split(" ");

let cluster: Cluster;
let header: string;
let rows: string;

beforeAll(async () => {
  cluster = await startCluster({ flags: ONE_OF_EACH, environment: { SEGUE_STAGES: "1" } });
  const sample = (await readFile(SAMPLE, "utf8")).trimEnd();
  header = sample.slice(0, sample.indexOf("\n") + 1);
  rows = `${sample.slice(header.length)}\n`;
}, 300_000);

afterAll(() => cluster.stop(), 60_000);

/** What the services answered, without times and names. */
function answersOf({ code, stdout, stderr }: Run): Record<string, unknown> {
  expect(code, stderr).toBe(0);
  const results = Object.entries(JSON.parse(stdout) as Record<string, unknown>);
  return Object.fromEntries(results.filter(([name]) => name.endsWith("_results")));
}

async function analyzeArgs(path: string, address?: string): Promise<string[]> {
  const server = address === undefined ? [] : ["--server", address];
  return ["--json", "analyze", path, "--results", await makeFolder(), ...server];
}

async function grpcAddressOf(replica: string): Promise<string> {
  return `127.0.0.1:${(await cluster.process(replica)).port}`;
}

async function writeManyPlays(): Promise<string> {
  const path = join(await makeFolder(), "plays.csv");
  await writeFile(path, header + rows.repeat(REPEATS));
  return path;
}

async function bytesReadBy(replica: string): Promise<number> {
  const { pid } = await cluster.process(replica);
  return Number(/^rchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, "utf8"))?.[1]);
}

describe("the analytics services of a cluster", () => {
  it("answer at every address that it prints, and by themselves, as they do without a cluster", async () => {
    const expected = answersOf(await runSegue(await analyzeArgs(SAMPLE)));
    const { analytics } = await cluster.status();
    expect(analytics).toHaveLength(1);
    const nodes = await Promise.all(["analytics-1", "analytics-2"].map(grpcAddressOf));
    for (const address of [...analytics, ...nodes]) {
      expect(answersOf(await runSegue(await analyzeArgs(SAMPLE, address)))).toEqual(expected);
    }
  });

  it("count the share of a node that dies with it", async () => {
    const expected = answersOf(await runSegue(await analyzeArgs(await writeManyPlays())));
    const args = await analyzeArgs("-", await grpcAddressOf("analytics-1"));
    const child = spawn(resolve("node_modules/.bin/segue"), args);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, "close");
    const write = (plays: string) => new Promise((done) => child.stdin.write(plays, done));
    // It takes its share and never answers for it.
    await cluster.kill("analytics-2", "SIGSTOP");
    await write(header + rows.repeat(REPEATS / 2));
    await cluster.kill("analytics-2", "SIGKILL");
    child.stdin.end(rows.repeat(REPEATS / 2));
    const [code] = (await ended) as [number | null];
    const [stdout, stderr] = await said;
    expect(answersOf({ code, stdout, stderr })).toEqual(expected);
    await cluster.revive("analytics-2");
  });

  it("lose a call with the process that has it, and the command calls again", async () => {
    const path = await writeManyPlays();
    const expected = answersOf(await runSegue(await analyzeArgs(path)));
    const [address = ""] = (await cluster.status()).analytics;
    const before = await bytesReadBy("analytics-1");
    const segue = startSegue(await analyzeArgs(path, address));
    const isUnderWay = async () =>
      (await bytesReadBy("analytics-1")) - before > UNDER_WAY_BYTES ? true : undefined;
    await eventually(isUnderWay, { timeoutMs: 30_000, everyMs: 5, what: "plays to arrive" });
    await cluster.kill("analytics-1", "SIGKILL");
    const run = await segue.ended;
    expect(answersOf(run)).toEqual(expected);
    expect(run.stderr).toBe("");
    const { input } = JSON.parse(run.stdout) as { input: { times_read: number } };
    expect(input.times_read).toBe(2);
    await cluster.revive("analytics-1");
  });
});
