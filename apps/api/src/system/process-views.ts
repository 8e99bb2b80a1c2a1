/** Every process, from what it says of itself and from what the local cluster's supervisor knows. */
import type { Heartbeat } from "@segue/contracts";
import type { z } from "zod";
import type { KnownProcess } from "../processes/process-directory.ts";
import { layersOf } from "../routes/answer-view.ts";
import type { SupervisedProcess } from "./cluster-control.ts";
import type { processSchema } from "./system-schemas.ts";

export type ProcessView = z.output<typeof processSchema>;
type Health = ProcessView["health"];

/** In the order of a request's way, and beneath it what carries it. */
const ROLES = ["balancer", "api", "dispatcher", "compute", "analytics", "broker", "database"];

/** Merged by the name of the replica; by role, stage, shard and name. */
export function toProcessViews(
  known: readonly KnownProcess[],
  supervised: readonly SupervisedProcess[],
): ProcessView[] {
  const views = new Map(known.map((one) => [one.heartbeat.replica, fromHeartbeat(one)]));
  for (const one of supervised) {
    views.set(one.replica, withSupervised(views.get(one.replica), one));
  }
  return [...views.values()].toSorted(
    (left, right) =>
      ROLES.indexOf(left.role) - ROLES.indexOf(right.role) ||
      (left.stage ?? 0) - (right.stage ?? 0) ||
      (left.shard ?? 0) - (right.shard ?? 0) ||
      left.replica.localeCompare(right.replica, "en", { numeric: true }),
  );
}

function fromHeartbeat({ heartbeat, heardAtMs, isLost }: KnownProcess): ProcessView {
  const { role, replica, pid, topic, productVersion, operationsAddress } = heartbeat;
  return {
    role,
    replica,
    ...placeOf(heartbeat),
    pid,
    ...(operationsAddress === "" ? {} : { address: operationsAddress }),
    health: isLost ? "silent" : ownHealth(heartbeat),
    ...(productVersion === "" ? {} : { version: productVersion }),
    modelVersions: heartbeat.modelVersions,
    ...(topic === "" ? {} : { topic }),
    ownedPartitions: heartbeat.ownedPartitions,
    queueDepth: heartbeat.queueDepth,
    inFlight: heartbeat.inFlight,
    startedAt: timeOf(heartbeat.startedAtMs),
    heardAt: timeOf(heardAtMs),
  };
}

/** Stage, layers and shard belong to compute nodes alone. */
function placeOf(heartbeat: Heartbeat): Partial<ProcessView> {
  const { stage, stageCount, layerFirst, layerLast, shard, shardCount } = heartbeat;
  if (stage === 0) return {};
  return { stage, stageCount, layers: layersOf(layerFirst, layerLast), shard, shardCount };
}

function ownHealth({ ready, draining }: Heartbeat): Health {
  if (draining) return "draining";
  return ready ? "ready" : "starting";
}

function withSupervised(view: ProcessView | undefined, one: SupervisedProcess): ProcessView {
  const { role, replica, stage, shard, pid, port, health, startedAt, restarts } = one;
  const { operationsPort, memoryBytes, detail } = one;
  const base: ProcessView = view ?? {
    role,
    replica,
    ...(stage === null ? {} : { stage, shard: shard ?? 0 }),
    pid: null,
    health,
    modelVersions: [],
    ownedPartitions: [],
    queueDepth: 0,
    inFlight: 0,
    startedAt: null,
    heardAt: null,
  };
  return {
    ...base,
    pid,
    ...(port === null ? {} : { port }),
    ...(operationsPort === undefined ? {} : { address: `127.0.0.1:${operationsPort}` }),
    health: mergedHealth(view?.health, health),
    startedAt: startedAt ?? base.startedAt,
    restarts,
    ...(memoryBytes == null ? {} : { memoryBytes }),
    ...(detail == null ? {} : { detail }),
  };
}

/** The supervisor knows who lives, the process itself how it fares. */
function mergedHealth(own: Health | undefined, supervised: SupervisedProcess["health"]): Health {
  const isAlive = supervised === "ready" || supervised === "unready" || supervised === "starting";
  if (own === undefined || !isAlive) return supervised;
  // What was heard last may be of a process before this one.
  return supervised === "starting" && own === "silent" ? supervised : own;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
