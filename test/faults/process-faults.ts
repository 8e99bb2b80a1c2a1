/** What may befall one process of a cluster, and the order in which it does in a run. */
import { setTimeout as pause } from "node:timers/promises";
import type { NetworkCondition } from "@segue/testkit";
import type { Cluster } from "./cluster.ts";

export type FaultKind = "kill -9" | "SIGSTOP for 10 s" | "cut network" | "slow network";

export interface ProcessFault {
  readonly kind: FaultKind;
  readonly replica: string;
}

const FAULT_MS: Record<FaultKind, number> = {
  "kill -9": 4_000,
  "SIGSTOP for 10 s": 10_000,
  "cut network": 6_000,
  "slow network": 6_000,
};
/** A tenth of a second each way, and a sixteenth of a megabyte a second. */
const SLOW: NetworkCondition = { kind: "slow", latencyMs: 100, bytesPerSecond: 65_536 };

const KINDS = Object.keys(FAULT_MS) as FaultKind[];
const PLACES = ["api", "dispatcher", "compute-1", "compute-2", "compute-3", "broker"];

/** Every kind of process is killed once; one is stopped, one is cut off. */
export const SHORT_RUN: readonly ProcessFault[] = [
  ...[...PLACES.map((place) => `${place}-1`), "database"].map((replica) => {
    return { kind: "kill -9" as const, replica };
  }),
  { kind: "SIGSTOP for 10 s", replica: "dispatcher-2" },
  { kind: "cut network", replica: "compute-2-2" },
];

/** Every fault of every kind of process twice, once on either replica. */
export const LONG_RUN: readonly ProcessFault[] = [1, 2].flatMap((instance) =>
  KINDS.flatMap((kind) =>
    [...PLACES.map((place) => `${place}-${instance}`), "database"].map((replica) => {
      return { kind, replica };
    }),
  ),
);

/** Resolves when everything is ready again. */
export async function inflict(cluster: Cluster, { kind, replica }: ProcessFault): Promise<void> {
  const heal = await strike(cluster, kind, replica);
  await pause(FAULT_MS[kind]);
  await heal();
  await cluster.untilReady();
}

async function strike(
  cluster: Cluster,
  kind: FaultKind,
  replica: string,
): Promise<() => Promise<void> | void> {
  switch (kind) {
    case "kill -9":
      await cluster.kill(replica, "SIGKILL");
      return () => cluster.revive(replica);
    case "SIGSTOP for 10 s":
      await cluster.kill(replica, "SIGSTOP");
      return () => cluster.kill(replica, "SIGCONT");
    case "cut network":
      await cluster.impose(replica, { kind: "cut" });
      return () => cluster.restoreNetwork();
    case "slow network":
      await cluster.impose(replica, SLOW);
      return () => cluster.restoreNetwork();
  }
}

/** Bars of the brief: what the 99th percentile may gain. */
export function addedMsP99Max({ replica }: ProcessFault): number {
  return replica.startsWith("broker") ? 4_000 : 2_000;
}
