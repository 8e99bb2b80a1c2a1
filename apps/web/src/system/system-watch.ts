/**
 * What has been seen of the system up to now. Each answer is laid over the ones before: processes
 * that are gone stay known, requests and changes gather. API servers take turns answering and do
 * not know quite the same, so what is older than what is known already is not believed.
 */
import type { Process, RecentRequest, SystemState } from "../api/system-wire.ts";
import { type Change, changesBetween } from "./changes.ts";
import { isServing, type SeenProcess } from "./seen-process.ts";

export interface SystemWatch {
  /** The last answer; null before the first. */
  readonly state: SystemState | null;
  /** In the order of a request's way. */
  readonly processes: readonly SeenProcess[];
  /** The newest first. */
  readonly recent: readonly RecentRequest[];
  readonly changes: readonly Change[];
}

export const NOTHING_SEEN: SystemWatch = { state: null, processes: [], recent: [], changes: [] };

const LOADS_MAX = 60;
const RECENT_MAX = 50;
const CHANGES_MAX = 100;
/** A process that left is shown for so long. */
const GONE_SHOWN_MS = 10 * 60_000;

const ROLES = ["balancer", "api", "dispatcher", "compute", "analytics", "broker", "database"];

export function watched(before: SystemWatch, state: SystemState): SystemWatch {
  const next = {
    state,
    processes: mergedProcesses(before.processes, state),
    recent: mergedRecent(before.recent, state.recent),
  };
  const changes = before.state === null ? [] : changesBetween(before, next, state.atMs);
  return { ...next, changes: [...changes, ...before.changes].slice(0, CHANGES_MAX) };
}

function mergedProcesses(
  known: readonly SeenProcess[],
  { processes, atMs }: SystemState,
): readonly SeenProcess[] {
  const byReplica = new Map(known.map((process) => [process.replica, process]));
  const merged = processes.map((process) => seen(process, byReplica.get(process.replica), atMs));
  const present = new Set(processes.map(({ replica }) => replica));
  for (const process of known) {
    if (present.has(process.replica)) continue;
    const downSinceMs = process.downSinceMs ?? atMs;
    if (atMs - downSinceMs < GONE_SHOWN_MS) merged.push({ ...process, isGone: true, downSinceMs });
  }
  return merged.toSorted(
    (left, right) =>
      ROLES.indexOf(left.role) - ROLES.indexOf(right.role) ||
      (left.stage ?? 0) - (right.stage ?? 0) ||
      (left.shard ?? 0) - (right.shard ?? 0) ||
      left.replica.localeCompare(right.replica, "en", { numeric: true }),
  );
}

function seen(process: Process, known: SeenProcess | undefined, atMs: number): SeenProcess {
  if (known !== undefined && isOlderNews(process, known)) return known;
  const loads = [...(known?.loads ?? []), process.queueDepth + process.inFlight].slice(-LOADS_MAX);
  // Who was never heard of by this server has its layers from those that did.
  const place = known === undefined || process.layers !== null ? {} : placeOf(known);
  const next = { ...process, ...place, isGone: false, loads, downSinceMs: null };
  if (isServing(next)) return next;
  if (known === undefined) return { ...next, downSinceMs: process.heardAtMs };
  // Who was down when this page was opened may have been so for long.
  return { ...next, downSinceMs: known.downSinceMs ?? (isServing(known) ? atMs : null) };
}

/** A heartbeat may have reached one API server and not yet another. */
function isOlderNews(process: Process, known: SeenProcess): boolean {
  if (process.heardAtMs === null || known.heardAtMs === null) return false;
  // The supervisor of a local cluster needs no heartbeat to know who died.
  const isOwnWord = !["paused", "stopped", "dead"].includes(process.health);
  if (!isOwnWord || process.pid !== known.pid || known.isGone) return false;
  const isContradiction = known.health === "silent" && process.health !== "silent";
  return isContradiction
    ? process.heardAtMs <= known.heardAtMs
    : process.heardAtMs < known.heardAtMs;
}

function placeOf({ stage, stageCount, layers, shard, shardCount }: Process): Partial<Process> {
  return { stage, stageCount, layers, shard, shardCount };
}

function mergedRecent(
  known: readonly RecentRequest[],
  latest: readonly RecentRequest[],
): readonly RecentRequest[] {
  const byId = new Map([...known, ...latest].map((request) => [request.requestId, request]));
  return [...byId.values()]
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs)
    .slice(0, RECENT_MAX);
}
