/** So many requests in flight at any moment, each followed by the next as soon as it is answered. */

export interface Hop {
  readonly role: string;
  readonly stage?: number;
  readonly queueMs: number;
  readonly computeMs: number;
}

export interface LoopFigures {
  readonly inFlight: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requestsPerSecond: number;
  /** Medians by role and stage, in the order of the path. */
  readonly hops: readonly {
    readonly name: string;
    readonly queueMs: number;
    readonly computeMs: number;
  }[];
  /** Median of the sum of one request's computing. */
  readonly computeMs: number;
}

/** @param ask answers the request of this turn and returns its hops */
export async function runClosedLoop(
  ask: (turn: number) => Promise<readonly Hop[]>,
  { inFlight, requests, warmUp }: { inFlight: number; requests: number; warmUp: number },
): Promise<LoopFigures> {
  const latencies: number[] = [];
  const paths: (readonly Hop[])[] = [];
  let turn = 0;
  let measuredFromMs = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (turn < requests + warmUp) {
        turn += 1;
        const own = turn;
        if (own === warmUp + 1) measuredFromMs = performance.now();
        const startedAtMs = performance.now();
        const hops = await ask(own);
        if (own <= warmUp) continue;
        latencies.push(performance.now() - startedAtMs);
        paths.push(hops);
      }
    }),
  );
  const elapsedMs = performance.now() - measuredFromMs;
  return {
    inFlight,
    requests: latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    requestsPerSecond: (latencies.length / elapsedMs) * 1_000,
    hops: hopMedians(paths),
    computeMs: quantile(
      paths.map((hops) => hops.reduce((sum, { computeMs }) => sum + computeMs, 0)),
      0.5,
    ),
  };
}

function hopMedians(paths: readonly (readonly Hop[])[]): LoopFigures["hops"] {
  const byName = new Map<string, Hop[]>();
  for (const hop of paths.flat()) {
    const name = hop.stage === undefined ? hop.role : `${hop.role} ${hop.stage}`;
    byName.set(name, [...(byName.get(name) ?? []), hop]);
  }
  return Array.from(byName, ([name, hops]) => ({
    name,
    queueMs: quantile(
      hops.map(({ queueMs }) => queueMs),
      0.5,
    ),
    computeMs: quantile(
      hops.map(({ computeMs }) => computeMs),
      0.5,
    ),
  }));
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.max(0, index)] ?? Number.NaN;
}
