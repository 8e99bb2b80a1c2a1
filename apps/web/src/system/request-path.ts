/** The way of a request, as its hops in their order with the share of the time that each took. */

import type { RecentRequest } from "../api/system-wire.ts";
import type { Hop } from "../api/wire.ts";

export interface PathStep {
  readonly replica: string;
  readonly role: string;
  readonly queueMs: number;
  readonly computeMs: number;
  /** It is another shard of the same stage as the step before, and works beside it. */
  readonly isBeside: boolean;
  /** From the start of the request to the start of this hop's work. */
  readonly startMs: number;
}

/** In the order in which they began to work. */
export function pathOf({ hops }: Pick<RecentRequest, "hops">): readonly PathStep[] {
  const begin = Math.min(...hops.map(({ startedAtMs, queueMs }) => startedAtMs - queueMs));
  return hops
    .toSorted((left, right) => left.startedAtMs - right.startedAtMs)
    .map((hop, index, ordered) => ({
      ...stepOf(hop),
      isBeside: hop.stage !== null && ordered[index - 1]?.stage === hop.stage,
      startMs: hop.startedAtMs - begin,
    }));
}

export function replicasOf({ hops }: Pick<RecentRequest, "hops">): ReadonlySet<string> {
  return new Set(hops.map(({ replica }) => replica));
}

/** The value that so many percent of the numbers do not exceed; null of none. */
export function percentile(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  return (
    sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null
  );
}

function stepOf({
  replica,
  role,
  queueMs,
  computeMs,
}: Hop): Omit<PathStep, "startMs" | "isBeside"> {
  return { replica, role, queueMs, computeMs };
}
