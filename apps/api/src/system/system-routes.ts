/** How the system fares, for people; and in a local cluster a hand on its processes. */
import type { PartitionLag } from "@segue/bus";
import type { Receipt } from "@segue/domain";
import { AppError } from "@segue/errors";
import { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import type { ModelDirectory } from "../ports.ts";
import type { ProcessDirectory } from "../processes/process-directory.ts";
import { toReceiptView } from "../routes/answer-view.ts";
import type { ApiServer } from "../routes/routes.ts";
import type { BusReading, BusState } from "./bus-reading.ts";
import type { ClusterControl, ClusterState, SupervisedProcess } from "./cluster-control.ts";
import { PatientReading } from "./patient-reading.ts";
import { toProcessViews } from "./process-views.ts";
import type { RecentRequests } from "./recent-requests.ts";
import { killSchema, orderedSchema, replicaSchema, systemSchema } from "./system-schemas.ts";

export interface SystemRouteDependencies {
  readonly replica: string;
  readonly busReading: BusReading;
  readonly directory: Pick<ProcessDirectory, "processes">;
  readonly recentRequests: Pick<RecentRequests, "receipts">;
  readonly models: Pick<ModelDirectory, "currentVersion">;
  /** Of a local cluster only. */
  readonly clusterControl: ClusterControl | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

type SystemView = z.output<typeof systemSchema>;

const CLUSTER_FRESH_MS = 400;
const CLUSTER_PATIENCE_MS = 500;

export function addSystemRoutes(server: ApiServer, dependencies: SystemRouteDependencies): void {
  const description = describeRoute({
    summary: "Processes, breakers, lag and the last requests; always answers with what is known",
    tag: "system",
    answer: systemSchema,
  });
  const { clusterControl, now } = dependencies;
  const cluster =
    clusterControl &&
    new PatientReading({
      read: () => clusterControl.state(),
      freshMs: CLUSTER_FRESH_MS,
      patienceMs: CLUSTER_PATIENCE_MS,
      now,
    });
  server.get("/v1/system", { schema: description }, () => viewSystem(dependencies, cluster));
  addProcessRoutes(server, dependencies.clusterControl);
}

async function viewSystem(
  dependencies: SystemRouteDependencies,
  clusterReading: PatientReading<ClusterState> | undefined,
): Promise<SystemView> {
  const { replica, busReading, directory, recentRequests, models, now } = dependencies;
  const [bus, cluster] = await Promise.all([busReading.state(), readCluster(clusterReading)]);
  const known = directory.processes();
  return {
    answeredBy: replica,
    at: new Date(now()).toISOString(),
    processes: toProcessViews(known, cluster.processes),
    modelVersion: models.currentVersion() ?? null,
    bus: toBusView(bus),
    lag: lagByTopic(bus.lag),
    breakers: known
      .filter(({ isLost }) => !isLost)
      .flatMap(({ heartbeat }) =>
        heartbeat.breakers.map(({ replica: about, state, failures }) => {
          return { dispatcher: heartbeat.replica, replica: about, state, failures };
        }),
      ),
    recent: recentRequests.receipts().map(toRecentView),
    cluster: cluster.view,
  };
}

function addProcessRoutes(server: ApiServer, control: ClusterControl | undefined): void {
  const describe = (summary: string) => ({
    params: z.object({ replica: replicaSchema }),
    ...describeRoute({
      summary: `${summary} (in a local cluster only)`,
      tag: "system",
      answer: orderedSchema,
      codes: ["ROUTE_UNKNOWN", "PROCESS_UNKNOWN", "CLUSTER_UNAVAILABLE"],
    }),
  });
  server.post(
    "/v1/system/processes/:replica/kill",
    { schema: { ...describe("Sends a signal to a process"), body: killSchema.nullish() } },
    async ({ params: { replica }, body }) => {
      const signal = body?.signal ?? "SIGKILL";
      return { replica, isDone: await present(control).kill(replica, signal) };
    },
  );
  server.post(
    "/v1/system/processes/:replica/revive",
    { schema: describe("Starts a process again that was ended") },
    async ({ params: { replica } }) => {
      return { replica, isDone: await present(control).revive(replica) };
    },
  );
}

function present(control: ClusterControl | undefined): ClusterControl {
  if (control !== undefined) return control;
  throw new AppError(
    "ROUTE_UNKNOWN",
    "Processes can be ended and revived only in a local cluster; start one with `segue cluster up`",
  );
}

interface ClusterView {
  readonly view: SystemView["cluster"];
  readonly processes: readonly SupervisedProcess[];
}

/** A supervisor that is slow to answer has not changed its mind; one that fails knows nothing. */
async function readCluster(
  reading: PatientReading<ClusterState> | undefined,
): Promise<ClusterView> {
  if (reading === undefined) return { view: null, processes: [] };
  const { value, error } = await reading.latest();
  if (error !== undefined) {
    const view = { isReachable: false, problem: error.message, address: null, analytics: [] };
    return { view, processes: [] };
  }
  const view = {
    isReachable: value !== undefined,
    address: value?.address ?? null,
    analytics: value?.analytics ?? [],
  };
  return { view, processes: value?.processes ?? [] };
}

function toBusView({ problem, brokers }: BusState): SystemView["bus"] {
  return {
    isReachable: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
    brokers: [...brokers],
  };
}

function lagByTopic(partitions: readonly PartitionLag[]): SystemView["lag"] {
  const byTopic = new Map<string, SystemView["lag"][number]>();
  for (const { topic, group, lag } of partitions) {
    const entry = byTopic.get(`${topic} ${group}`) ?? { topic, group, lag: 0 };
    entry.lag += lag;
    byTopic.set(`${topic} ${group}`, entry);
  }
  return [...byTopic.values()];
}

/** Neither songs nor users: this is for whoever operates the system. */
function toRecentView(receipt: Receipt): SystemView["recent"][number] {
  const { requestId, createdAt, level, reason, modelVersion, attempts, totalMs, hops } =
    toReceiptView(receipt);
  return {
    requestId,
    createdAt,
    level,
    ...(reason === undefined ? {} : { reason }),
    modelVersion,
    attempts,
    totalMs,
    hops,
  };
}
