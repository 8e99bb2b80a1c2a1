/** HAProxy on this machine, ready to be started before the given servers. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { type Found, findService } from "./find-service.ts";
import { chooseFreePort } from "./free-port.ts";
import { findProgram, type Machine, thisMachine } from "./machine.ts";
import { probePort } from "./probe-port.ts";
import { containerName, programCall, type Toolbox } from "./program-call.ts";
import { lastLines, runCommand } from "./run-command.ts";
import type { ServiceLaunch, StepListener } from "./service-launch.ts";
import { inFolder } from "./state-folder.ts";

export interface BalancerPlanOptions {
  readonly folder: string;
  /** Absent: a free one, which stays the same for a folder while it is free. */
  readonly port?: number;
  /** "127.0.0.1:20080", one an API server. */
  readonly apis: readonly string[];
  /**
   * Text of a HAProxy configuration that listens on "${SEGUE_BALANCER_ADDRESS}"; its `server` lines
   * give way to those of `apis`.
   */
  readonly configurationTemplate: string;
  /** Absent: it carries no gRPC. */
  readonly grpc?: GrpcPlanOptions;
  readonly onStep?: StepListener;
  readonly machine?: Machine;
}

/** The analytics services behind it. */
export interface GrpcPlanOptions {
  /** At each of them it listens for calls to any of the services. */
  readonly ports: readonly number[];
  readonly servers: readonly {
    /** "127.0.0.1:20081" */
    readonly address: string;
    /** Where it says whether it is ready. */
    readonly operationsPort: number;
  }[];
  /** As the other one, listening on "${SEGUE_BALANCER_GRPC_ADDRESSES}". */
  readonly configurationTemplate: string;
}

export interface BalancerPlan {
  readonly launch: ServiceLaunch;
  /** "http://127.0.0.1:20443" */
  readonly address: string;
  /** "127.0.0.1:50051", one a port. */
  readonly grpcAddresses: readonly string[];
}

const IMAGE = "haproxy:2.6";

/** Throws SERVICE_MISSING when HAProxy cannot be found or set up, SERVICE_FAILED when it refuses the configuration. */
export async function planBalancer(options: BalancerPlanOptions): Promise<BalancerPlan> {
  return inFolder(options.folder, () => plan(options));
}

async function plan(options: BalancerPlanOptions): Promise<BalancerPlan> {
  const { folder, grpc, onStep = () => undefined, machine = thisMachine() } = options;
  const toolbox = await findHaproxy(machine, folder, onStep);
  const port = options.port ?? (await chooseFreePort(`${folder} balancer`));
  const grpcAddresses = grpc?.ports.map((each) => `127.0.0.1:${each}`) ?? [];
  const environment = {
    SEGUE_BALANCER_ADDRESS: `127.0.0.1:${port}`,
    SEGUE_BALANCER_GRPC_ADDRESSES: grpcAddresses.join(","),
  };
  const files = await writeConfigurations(options);
  await checkConfiguration(toolbox, files, environment);
  const launch: ServiceLaunch = {
    name: "balancer",
    role: "balancer",
    ...programCall(toolbox, {
      program: "haproxy",
      // In the foreground, as one process.
      args: ["-db", ...filesOf(files)],
      environment,
      name: containerName(folder, "balancer"),
    }),
    folder,
    port,
    isReady: () => isBalancerReady(port),
  };
  return { launch, address: `http://127.0.0.1:${port}`, grpcAddresses };
}

/** Their paths, in the order in which HAProxy reads them. */
async function writeConfigurations({
  folder,
  configurationTemplate,
  apis,
  grpc,
}: BalancerPlanOptions): Promise<readonly string[]> {
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, renderConfiguration(configurationTemplate, apis.flatMap(apiLines)));
  if (grpc === undefined) return [file];
  const grpcFile = join(folder, "haproxy-analytics.cfg");
  const servers = grpc.servers.map(({ address, operationsPort }, index) => {
    return `server analytics-${index + 1} ${address} port ${operationsPort}`;
  });
  await writeFile(grpcFile, renderConfiguration(grpc.configurationTemplate, servers));
  return [file, grpcFile];
}

function apiLines(address: string, index: number): readonly string[] {
  return [
    `server api-${index + 1} ${address}`,
    // Asked when no server says that it is ready.
    `server api-${index + 1}-unready ${address} no-check backup`,
  ];
}

function filesOf(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => ["-f", file]);
}

async function findHaproxy(
  machine: Machine,
  folder: string,
  onStep: StepListener,
): Promise<Toolbox> {
  const found = await findService(
    {
      title: "HAProxy",
      givenInstead: "put a load balancer of your own before the API servers",
      image: IMAGE,
      packages: [["haproxy"]],
      findPrograms: findHaproxyProgram,
    },
    machine,
    onStep,
  );
  return found.way === "container"
    ? { way: "container", docker: found.docker, image: found.image, folder }
    : { way: "programs", paths: found.programs };
}

function findHaproxyProgram(machine: Machine): Promise<Found<Record<string, string>>> {
  const haproxy = findProgram(machine, "haproxy");
  return Promise.resolve(
    haproxy === undefined ? { missing: ["haproxy"] } : { programs: { haproxy } },
  );
}

/** Everything of the template but its servers. Throws SERVICE_FAILED when it has none. */
function renderConfiguration(template: string, servers: readonly string[]): string {
  const lines = template.split("\n");
  const isServer = (line: string) => /^\s*server\s/.test(line);
  const at = lines.findIndex(isServer);
  if (at === -1) {
    throw new AppError(
      "SERVICE_FAILED",
      "The balancer's configuration has no `server` line; add one.",
    );
  }
  return [
    ...lines.slice(0, at),
    ...servers.map((server) => `    ${server}`),
    ...lines.slice(at).filter((line) => !isServer(line)),
  ].join("\n");
}

async function checkConfiguration(
  toolbox: Toolbox,
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const call = programCall(toolbox, {
    program: "haproxy",
    args: ["-c", ...filesOf(files)],
    environment,
  });
  const { code, output } = await runCommand(call.command, call.args, { environment });
  if (code === 0) return;
  throw new AppError(
    "SERVICE_FAILED",
    `HAProxy refuses its configuration ${files.join(", ")}; correct it. It said:\n${lastLines(output)}`,
  );
}

/** Any answer will do: it refuses by itself, at once, what is no HTTP; the servers may be away. */
function isBalancerReady(port: number): Promise<boolean> {
  const start = "HTTP/1.";
  return probePort({
    port,
    question: Buffer.from("ready?\r\n\r\n"),
    judge: (answer) =>
      answer.length < start.length ? undefined : answer.toString("latin1").startsWith(start),
  });
}
