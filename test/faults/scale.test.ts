/**
 * Real processes, Kafka, MariaDB and HAProxy. The model is served by one stage, whose replicas work
 * on one task at a time; each task is declared to take 50 ms (SEGUE_TASK_SERVICE_MS), because real
 * work of several replicas on two cores says something about the cores alone. What real work does is
 * printed beside it.
 */
import { checkOutcomes, seededRandom } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { DEADLINE_MS } from "./fault-run.ts";
import { answerAll, pickQuestions } from "./questions.ts";
import { type Scaling, scaleStage, toldScaling } from "./throughput.ts";

const TASK_SERVICE_MS = 50;
const REPLICAS = 3;
const SEED = 3;

async function startSmallCluster(environment: Record<string, string>): Promise<Cluster> {
  const cluster = await startCluster({
    flags: ["--replicas", "1", "--analytics", "0"],
    environment: { SEGUE_STAGES: "1", ...environment },
  });
  onTestFinished(() => cluster.stop());
  return cluster;
}

/** Scales up and judges every answer on the way. */
async function scaleUp(cluster: Cluster, countedMs: number): Promise<Scaling> {
  const questions = await pickQuestions(cluster.address, seededRandom(SEED), 40);
  const expected = await answerAll(cluster.address, questions);
  const before = new Set((await cluster.processes()).map(({ pid }) => pid));
  const scaling = await scaleStage(cluster, 1, REPLICAS, questions, countedMs);
  expect(checkOutcomes(scaling.outcomes, { deadlineMs: DEADLINE_MS, expected })).toEqual([]);
  const after = new Set((await cluster.processes()).map(({ pid }) => pid));
  expect([...before].filter((pid) => !after.has(pid))).toEqual([]);
  expect(after.size).toBe(before.size + REPLICAS - 1);
  return scaling;
}

describe("more compute replicas", () => {
  it("give more throughput, without a restart of anything", async () => {
    const cluster = await startSmallCluster({ SEGUE_TASK_SERVICE_MS: String(TASK_SERVICE_MS) });
    const scaling = await scaleUp(cluster, 5_000);
    process.stdout.write(`${toldScaling(`tasks of ${TASK_SERVICE_MS} ms`, scaling)}\n`);
    const [one = 0, two = 0, three = 0] = scaling.steps.map((step) => step.answersPerSecond);
    expect(one).toBeLessThanOrEqual(1_000 / TASK_SERVICE_MS);
    expect(two).toBeGreaterThan(1.6 * one);
    // Sixty tasks a second and their requests fill the two cores besides.
    expect(three).toBeGreaterThan(1.9 * one);
    expect(three).toBeGreaterThan(two);
  });

  it("give right answers with real work too", async () => {
    const cluster = await startSmallCluster({});
    const scaling = await scaleUp(cluster, 3_000);
    process.stdout.write(`${toldScaling("real work", scaling)}\n`);
    expect(scaling.steps).toHaveLength(REPLICAS);
  });
});
