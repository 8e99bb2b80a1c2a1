/** What one fault did to the load, in numbers. */
import type { Outcome } from "../load/outcome.ts";
import type { Fault, Finding } from "./check-outcomes.ts";

/** Milliseconds of `performance.now()`. */
export interface FaultWindow {
  readonly name: string;
  /** Quiet load before the fault. */
  readonly beforeFromMs: number;
  readonly faultAtMs: number;
  readonly endMs: number;
}

export interface FaultSummary {
  readonly fault: string;
  readonly requests: number;
  readonly found: Readonly<Record<Fault, number>>;
  readonly before: Latencies;
  readonly during: Latencies;
  readonly addedMsP99: number;
  /** From the fault to the sending of the last request that was slow by it; 0 when none was. */
  readonly recoveryMs: number;
  /** Requests whose answer took more than one attempt. */
  readonly retried: number;
  readonly degraded: number;
}

export interface Latencies {
  readonly latencyMsP50: number;
  readonly latencyMsP99: number;
}

/** Slow is what takes so much longer than the worst of the quiet load. */
const SLOW_BY_MS = 250;

export function summarizeFault(
  window: FaultWindow,
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
): FaultSummary {
  const isWithin = (fromMs: number, toMs: number) => (entry: { readonly sentAtMs: number }) =>
    entry.sentAtMs >= fromMs && entry.sentAtMs < toMs;
  const before = outcomes.filter(isWithin(window.beforeFromMs, window.faultAtMs));
  const during = outcomes.filter(isWithin(window.faultAtMs, window.endMs));
  const found = findings.filter(isWithin(window.beforeFromMs, window.endMs));
  const quiet = latenciesOf(before);
  const faulted = latenciesOf(during);
  const receipts = during.flatMap(({ answer }) => answer?.receipt ?? []);
  return {
    fault: window.name,
    requests: before.length + during.length,
    found: countFaults(found),
    before: quiet,
    during: faulted,
    addedMsP99: Math.max(0, faulted.latencyMsP99 - quiet.latencyMsP99),
    recoveryMs: recoveryMs(window.faultAtMs, during, quiet.latencyMsP99 + SLOW_BY_MS),
    retried: receipts.filter(({ attempts }) => attempts > 1).length,
    degraded: receipts.filter(({ level }) => level !== "full").length,
  };
}

export function countFaults(findings: readonly Finding[]): Record<Fault, number> {
  const counts = { failed: 0, late: 0, wrong: 0, duplicate: 0, mislabelled: 0, receipt: 0 };
  for (const { fault } of findings) counts[fault] += 1;
  return counts;
}

/** A request without an answer counts as infinitely slow. */
function latenciesOf(outcomes: readonly Outcome[]): Latencies {
  const sorted = outcomes
    .map(({ latencyMs }) => latencyMs ?? Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { latencyMsP50: at(0.5), latencyMsP99: at(0.99) };
}

function recoveryMs(faultAtMs: number, during: readonly Outcome[], slowMs: number): number {
  const slow = during.filter(({ latencyMs = Number.POSITIVE_INFINITY }) => latencyMs > slowMs);
  return Math.max(0, ...slow.map(({ sentAtMs }) => sentAtMs - faultAtMs));
}
