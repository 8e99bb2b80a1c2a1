/** Throughput of a cluster whose compute replicas are added one after the other, nothing restarted. */
import { measureThroughput, type Outcome, type Question, type Throughput } from "@segue/testkit";
import type { Cluster } from "./cluster.ts";

/**
 * Enough to keep three replicas busy, and few enough that no task waits longer for a single one than
 * an attempt may last.
 */
const IN_FLIGHT = 9;
const WARM_UP_MS = 2_000;
const TIMEOUT_MS = 10_000;

export interface ScalingStep {
  readonly replicas: number;
  readonly answersPerSecond: number;
}

export interface Scaling {
  readonly steps: readonly ScalingStep[];
  readonly outcomes: readonly Outcome[];
}

/** @param countedMs of each step */
export async function scaleStage(
  cluster: Cluster,
  stage: number,
  replicasUpTo: number,
  questions: readonly Question[],
  countedMs: number,
): Promise<Scaling> {
  const steps: ScalingStep[] = [];
  const outcomes: Outcome[] = [];
  for (let replicas = 1; replicas <= replicasUpTo; replicas += 1) {
    await cluster.scale(stage, replicas);
    await cluster.untilReady();
    const measured: Throughput = await measureThroughput({
      address: cluster.address,
      questions,
      inFlight: IN_FLIGHT,
      warmUpMs: WARM_UP_MS,
      countedMs,
      timeoutMs: TIMEOUT_MS,
    });
    steps.push({ replicas, answersPerSecond: measured.answersPerSecond });
    outcomes.push(...measured.outcomes);
  }
  return { steps, outcomes };
}

export function toldScaling(name: string, { steps }: Scaling): string {
  const told = steps.map(
    ({ replicas, answersPerSecond }) => `${replicas}: ${answersPerSecond.toFixed(1)}/s`,
  );
  return `${name}, by replicas: ${told.join(", ")}`;
}
