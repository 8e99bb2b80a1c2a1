/** How the system fares: for people, for balancers, for Prometheus. */
import type { Bus } from "@segue/bus";
import type { Heartbeat } from "@segue/contracts";
import type { Metrics } from "@segue/telemetry";
import type { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import { systemSchema } from "../http/wire-schemas.ts";
import type { ModelDirectory } from "../ports.ts";
import type { KnownProcess, ProcessDirectory } from "../processes/process-directory.ts";
import { layersOf } from "./answer-view.ts";
import type { ApiServer } from "./routes.ts";

export interface SystemRouteDependencies {
  readonly bus: Bus;
  readonly directory: ProcessDirectory;
  readonly models: ModelDirectory;
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
}

type SystemView = z.output<typeof systemSchema>;
type ProcessView = SystemView["processes"][number];

export function addSystemRoutes(server: ApiServer, dependencies: SystemRouteDependencies): void {
  const { bus, directory, models } = dependencies;
  server.get(
    "/v1/system",
    {
      schema: describeRoute({
        summary: "Processes, model version, lag and breakers",
        tag: "system",
        answer: systemSchema,
        codes: ["BUS_UNAVAILABLE"],
      }),
    },
    async (): Promise<SystemView> => {
      const processes = directory.processes();
      return {
        processes: processes.map(toProcessView),
        modelVersion: models.currentVersion() ?? null,
        lag: await lagByTopic(bus),
        breakers: processes.flatMap(({ heartbeat }) =>
          heartbeat.breakers.map(({ replica, state, failures }) => {
            return { dispatcher: heartbeat.replica, replica, state, failures };
          }),
        ),
      };
    },
  );
  addProbes(server, dependencies);
}

function addProbes(server: ApiServer, { bus, metrics, isReady }: SystemRouteDependencies): void {
  const hidden = { schema: { hide: true } };
  server.get("/healthz", hidden, () => ({ service: "segue", status: "alive" }));
  server.get("/readyz", hidden, (_request, reply) => {
    const ready = isReady();
    return reply.code(ready ? 200 : 503).send({ service: "segue", ready });
  });
  server.get("/metrics", hidden, async (_request, reply) => {
    metrics.setLag(await bus.lag());
    return reply.type(metrics.contentType).send(await metrics.render());
  });
}

async function lagByTopic(bus: Bus): Promise<SystemView["lag"]> {
  const byTopic = new Map<string, SystemView["lag"][number]>();
  for (const { topic, group, lag } of await bus.lag()) {
    const entry = byTopic.get(`${topic} ${group}`) ?? { topic, group, lag: 0 };
    entry.lag += lag;
    byTopic.set(`${topic} ${group}`, entry);
  }
  return [...byTopic.values()];
}

function toProcessView({ heartbeat, heardAtMs, isLost }: KnownProcess): ProcessView {
  const { role, replica, stage, layerFirst, layerLast, shard, pid } = heartbeat;
  return {
    role,
    replica,
    ...(stage === 0 ? {} : { stage, layers: layersOf(layerFirst, layerLast), shard }),
    pid,
    health: healthOf(heartbeat, isLost),
    modelVersions: heartbeat.modelVersions,
    queueDepth: heartbeat.queueDepth,
    inFlight: heartbeat.inFlight,
    startedAt: new Date(heartbeat.startedAtMs).toISOString(),
    heardAt: new Date(heardAtMs).toISOString(),
  };
}

function healthOf({ ready, draining }: Heartbeat, isLost: boolean): ProcessView["health"] {
  if (isLost) return "lost";
  if (draining) return "draining";
  return ready ? "ready" : "starting";
}
