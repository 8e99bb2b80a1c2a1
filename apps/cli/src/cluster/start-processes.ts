/** Brings a cluster up: services side by side, then the processes of Segue, a few at a time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AppError, toAppError } from "@segue/errors";
import type { GrpcPlanOptions, StepListener } from "@segue/local-services";
import { chooseFreePort, planBalancer, planDatabase, planKafka } from "@segue/local-services";
import { ensurePageBuilt } from "../page-build.ts";
import { type AnalyticsNode, planAnalyticsNodes } from "./analytics-nodes.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { type ClusterShape, type ProcessPlan, planProcesses } from "./cluster-plan.ts";
import { areCopiesComplete } from "./partition-copies.ts";
import { memberLaunch, serviceLaunch } from "./process-launches.ts";
import { runPreparation } from "./run-preparation.ts";
import { createStartProgress, type StartProgress } from "./start-progress.ts";

export interface ClusterSettings {
  readonly shape: ClusterShape;
  readonly brokers: number;
  /** 0: any free one. */
  readonly balancerPort: number;
  /** Of the balancer, before the analytics services; 0: any free one. */
  readonly grpcPorts: readonly number[];
  /** Given brokers are used and none is started; `kafkaReplication` is then theirs to bear. */
  readonly kafkaBrokers: readonly string[];
  readonly kafkaReplication: number;
  readonly databaseUrl: string | undefined;
  /** Whether the API servers serve the page, too. */
  readonly withPage: boolean;
  /** Handed on to the processes of Segue, which read the rest of their settings from it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absent: one more than the processor has cores. */
  readonly startsAtOnce?: number;
}

const BALANCER_CONFIGURATION = new URL("../../../../deploy/haproxy.cfg", import.meta.url);
const GRPC_CONFIGURATION = new URL("../../../../deploy/haproxy-analytics.cfg", import.meta.url);

/** Resolves when everything is ready. Throws the first failure when all that was under way has ended. */
export async function startProcesses(
  cluster: Cluster,
  folder: ClusterFolder,
  settings: ClusterSettings,
  onStep: StepListener,
): Promise<void> {
  const start = { cluster, folder, settings, onStep, progress: createStartProgress(onStep) };
  const [page, kafka, database] = await allOrFirstFailure(cluster, [
    settings.withPage ? ensurePageBuilt(() => onStep("Building the page")) : undefined,
    startKafka(start),
    startDatabase(start),
  ]);
  const environment = {
    ...settings.environment,
    ...kafka,
    ...database,
    // Programs that share most of their modules: one compiles them for all.
    NODE_COMPILE_CACHE: join(folder.path, "compile-cache"),
    ...(page === undefined ? {} : { SEGUE_WEB_DIR: page }),
    SEGUE_HTTP_HOST: "127.0.0.1",
    SEGUE_TRUSTED_PROXIES: "127.0.0.1",
    SEGUE_CLUSTER_CONTROL: folder.controlSocket,
  };
  const plans = planProcesses(settings.shape);
  const nodes = await planAnalyticsNodes(plans, folder);
  cluster.launchOf = (plan) => memberLaunch(plan, folder, environment, nodes);
  await startMembers(start, plans, nodes);
}

interface Start {
  readonly cluster: Cluster;
  readonly folder: ClusterFolder;
  readonly settings: ClusterSettings;
  readonly onStep: StepListener;
  readonly progress: StartProgress;
}

async function startKafka({
  cluster,
  folder,
  settings,
  onStep,
  progress,
}: Start): Promise<Record<string, string>> {
  const { kafkaBrokers, kafkaReplication, brokers } = settings;
  if (kafkaBrokers.length > 0) {
    cluster.kafka = `${kafkaBrokers.join(", ")} (given)`;
    return {};
  }
  const plan = await planKafka({ folder: join(folder.path, "kafka"), brokers, onStep });
  cluster.kafka = plan.brokers.join(", ");
  cluster.isReplicated = () => areCopiesComplete(plan.brokers);
  onStep(`Starting ${plan.launches.map(({ name }) => name).join(", ")}`);
  // None is ready before most of them are there.
  await Promise.all(
    plan.launches.map((launch) => cluster.startService(serviceLaunch(launch, folder), progress)),
  );
  return {
    SEGUE_KAFKA_BROKERS: plan.brokers.join(","),
    SEGUE_KAFKA_REPLICATION: String(Math.min(kafkaReplication, brokers)),
  };
}

async function startDatabase(start: Start): Promise<Record<string, string>> {
  const { cluster, folder, settings, onStep, progress } = start;
  let url = settings.databaseUrl;
  if (url === undefined) {
    const plan = await planDatabase({ folder: join(folder.path, "database"), onStep });
    onStep("Starting database");
    await cluster.startService(serviceLaunch(plan.launch, folder), progress);
    url = plan.url;
  }
  const given = settings.databaseUrl === undefined ? "" : " (given)";
  cluster.database = `${withoutCredentials(url)}${given}`;
  const environment = { SEGUE_DATABASE_URL: url };
  await runPreparation({
    environment: { ...settings.environment, ...environment },
    logFile: folder.logFile("preparation"),
    signal: cluster.closing,
    onStep,
  });
  return environment;
}

async function startMembers(
  { cluster, folder, settings, onStep, progress }: Start,
  plans: readonly ProcessPlan[],
  nodes: readonly AnalyticsNode[],
): Promise<void> {
  const members = await cluster.addMembers(plans);
  const apis = members.filter(({ launch }) => launch.role === "api");
  const balancer = await planBalancer({
    folder: join(folder.path, "balancer"),
    ...(settings.balancerPort === 0 ? {} : { port: settings.balancerPort }),
    apis: apis.map(({ launch }) => `127.0.0.1:${launch.port}`),
    configurationTemplate: readFileSync(BALANCER_CONFIGURATION, "utf8"),
    ...(nodes.length === 0 ? {} : { grpc: await planGrpc(folder, settings, nodes) }),
    onStep,
  });
  await cluster.startEach(members, progress);
  await cluster.startService(serviceLaunch(balancer.launch, folder), progress);
  cluster.address = balancer.address;
  cluster.analytics = balancer.grpcAddresses;
}

async function planGrpc(
  folder: ClusterFolder,
  { grpcPorts }: ClusterSettings,
  nodes: readonly AnalyticsNode[],
): Promise<GrpcPlanOptions> {
  const ports = await Promise.all(
    grpcPorts.map(async (port, index) =>
      port === 0 ? chooseFreePort(`${folder.path} balancer grpc ${index}`) : port,
    ),
  );
  return {
    ports,
    servers: nodes.map(({ grpcPort, operationsPort }) => {
      return { address: `127.0.0.1:${grpcPort}`, operationsPort };
    }),
    configurationTemplate: readFileSync(GRPC_CONFIGURATION, "utf8"),
  };
}

/** Ends the others, which watch the cluster, and waits for them, so that nothing starts afterwards. */
async function allOrFirstFailure<Results extends readonly unknown[]>(
  cluster: Cluster,
  work: { readonly [Index in keyof Results]: Promise<Results[Index]> | Results[Index] },
): Promise<Results> {
  let failure: AppError | undefined;
  const results = await Promise.all(
    work.map((part) =>
      Promise.resolve(part).catch((error: unknown) => {
        failure ??= toAppError(error);
        cluster.close();
        return undefined;
      }),
    ),
  );
  if (failure !== undefined) throw failure;
  return results as unknown as Results;
}

function withoutCredentials(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
