/** What balancers and Prometheus ask of an API server. */
import type { Metrics } from "@segue/telemetry";
import type { ApiServer } from "../routes/routes.ts";
import type { BusReading } from "./bus-reading.ts";
import type { Readiness } from "./readiness.ts";

export interface ProbeRouteDependencies {
  readonly busReading: BusReading;
  readonly metrics: Metrics;
  readonly readiness: Pick<Readiness, "state">;
}

export function addProbeRoutes(
  server: ApiServer,
  { busReading, metrics, readiness }: ProbeRouteDependencies,
): void {
  const hidden = { schema: { hide: true } };
  server.get("/healthz", hidden, () => ({ service: "segue", status: "alive" }));
  server.get("/readyz", hidden, (_request, reply) => {
    const state = readiness.state();
    return reply.code(state.ready ? 200 : 503).send({ service: "segue", ...state });
  });
  server.get("/metrics", hidden, async (_request, reply) => {
    metrics.setLag((await busReading.state()).lag);
    return reply.type(metrics.contentType).send(await metrics.render());
  });
}
