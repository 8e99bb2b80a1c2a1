/** Lays the hops of a receipt out on a time line: one lane per process and part of the model. */
import type { Hop } from "../api/wire.ts";

export interface TimelineBar {
  readonly kind: "queue" | "compute";
  readonly startMs: number;
  readonly lengthMs: number;
}

export interface TimelineLane {
  readonly key: string;
  /** What works there: "Dispatcher", "Layers 3-4". */
  readonly title: string;
  /** Who: the replica, and the shard where there are several. */
  readonly detail: string;
  readonly role: string;
  readonly bars: readonly TimelineBar[];
}

export interface Timeline {
  readonly durationMs: number;
  readonly lanes: readonly TimelineLane[];
  /** Where the axis is labelled, 0 first. */
  readonly ticksMs: readonly number[];
}

const TICKS_MAX = 6;

/** When the first of the hops began, waiting included; Unix time in milliseconds. */
export function beginOf(hops: readonly Hop[]): number {
  return Math.min(...hops.map(({ startedAtMs, queueMs }) => startedAtMs - queueMs));
}

/** A hop starts computing at its start; it has waited for queueMs until then. */
export function layoutTimeline(hops: readonly Hop[], totalMs: number): Timeline {
  const begin = beginOf(hops);
  const lanes = new Map<string, { hop: Hop; bars: TimelineBar[] }>();
  const shards = new Set(hops.map(({ shard }) => shard).filter((shard) => shard !== null));
  let end = totalMs;
  for (const hop of [...hops].sort((left, right) => left.startedAtMs - right.startedAtMs)) {
    const key = [hop.role, hop.stage, hop.shard, hop.replica].join(" ");
    const lane = lanes.get(key) ?? { hop, bars: [] };
    lanes.set(key, lane);
    const startMs = hop.startedAtMs - begin;
    if (hop.queueMs > 0) {
      lane.bars.push({ kind: "queue", startMs: startMs - hop.queueMs, lengthMs: hop.queueMs });
    }
    lane.bars.push({ kind: "compute", startMs, lengthMs: hop.computeMs });
    end = Math.max(end, startMs + hop.computeMs);
  }
  return {
    durationMs: end,
    lanes: [...lanes].map(([key, { hop, bars }]) => ({
      key,
      title: hopTitle(hop),
      detail: hopDetail(hop, shards.size > 1),
      role: hop.role,
      bars,
    })),
    ticksMs: ticksFor(end),
  };
}

export function hopTitle({ role, layers, stage }: Hop): string {
  if (layers !== null) return layers.includes("-") ? `Layers ${layers}` : `Layer ${layers}`;
  if (stage !== null && stage > 0) return `Stage ${stage}`;
  return role === "api" ? "API" : role.charAt(0).toUpperCase() + role.slice(1);
}

function hopDetail({ replica, shard }: Hop, hasShards: boolean): string {
  return hasShards && shard !== null ? `shard ${shard}, ${replica}` : replica;
}

/** At most six round numbers: 1, 2 or 5 times a power of ten apart. */
function ticksFor(durationMs: number): number[] {
  if (!(durationMs > 0)) return [0];
  const raw = durationMs / (TICKS_MAX - 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw) ?? raw;
  const count = Math.floor(durationMs / step) + 1;
  return Array.from({ length: count }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Milliseconds with as many digits as mean something. */
export function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
