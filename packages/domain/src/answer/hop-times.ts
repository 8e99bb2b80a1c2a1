/**
 * Puts what other processes say of the time into the time of whoever reads it. Where their clocks
 * agree with the reader's nothing changes; where they cannot, the order and the spans stay, and
 * their places follow from when the question left and when the answer came.
 */
import type { Hop } from "./recommendation.ts";

/** Clocks so close to each other agree. */
const TOLERANCE_MS = 20;

/** Hops of different hosts, one after the other: what they did not take themselves is shared out evenly. */
export function spreadHops(
  hops: readonly Hop[],
  sentAtMs: number,
  arrivedAtMs: number,
): readonly Hop[] {
  if (hops.every((hop) => isWithin([hop], sentAtMs, arrivedAtMs))) return hops;
  const ownMs = hops.reduce((sum, { queueMs, computeMs }) => sum + queueMs + computeMs, 0);
  const travelMs = Math.max(0, arrivedAtMs - sentAtMs - ownMs) / (hops.length + 1);
  let atMs = sentAtMs;
  return hops.map((hop) => {
    const startedAtMs = atMs + travelMs + hop.queueMs;
    atMs = startedAtMs + hop.computeMs;
    return { ...hop, startedAtMs };
  });
}

/** Hops that one process has put into its own time: they move together, into the middle. */
export function shiftHops(
  hops: readonly Hop[],
  sentAtMs: number,
  arrivedAtMs: number,
): readonly Hop[] {
  if (hops.length === 0 || isWithin(hops, sentAtMs, arrivedAtMs)) return hops;
  const middleMs = (beginOf(hops) + endOf(hops)) / 2;
  const byMs = (sentAtMs + arrivedAtMs) / 2 - middleMs;
  return hops.map((hop) => ({ ...hop, startedAtMs: hop.startedAtMs + byMs }));
}

function isWithin(hops: readonly Hop[], fromMs: number, toMs: number): boolean {
  return beginOf(hops) >= fromMs - TOLERANCE_MS && endOf(hops) <= toMs + TOLERANCE_MS;
}

function beginOf(hops: readonly Hop[]): number {
  return Math.min(...hops.map(({ startedAtMs, queueMs }) => startedAtMs - queueMs));
}

function endOf(hops: readonly Hop[]): number {
  return Math.max(...hops.map(({ startedAtMs, computeMs }) => startedAtMs + computeMs));
}
