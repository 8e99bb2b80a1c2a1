/** HAProxy on this machine, ready to be started before the given API servers. */
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
  readonly onStep?: StepListener;
  readonly machine?: Machine;
}

export interface BalancerPlan {
  readonly launch: ServiceLaunch;
  /** "http://127.0.0.1:20443" */
  readonly address: string;
}

const IMAGE = "haproxy:2.6";

/** Throws SERVICE_MISSING when HAProxy cannot be found or set up, SERVICE_FAILED when it refuses the configuration. */
export async function planBalancer(options: BalancerPlanOptions): Promise<BalancerPlan> {
  return inFolder(options.folder, () => plan(options));
}

async function plan(options: BalancerPlanOptions): Promise<BalancerPlan> {
  const { folder, onStep = () => undefined, machine = thisMachine() } = options;
  const toolbox = await findHaproxy(machine, folder, onStep);
  const port = options.port ?? (await chooseFreePort(`${folder} balancer`));
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, renderConfiguration(options.configurationTemplate, options.apis));
  const environment = { SEGUE_BALANCER_ADDRESS: `127.0.0.1:${port}` };
  await checkConfiguration(toolbox, file, environment);
  const launch: ServiceLaunch = {
    name: "balancer",
    role: "balancer",
    ...programCall(toolbox, {
      program: "haproxy",
      // In the foreground, as one process.
      args: ["-db", "-f", file],
      environment,
      name: containerName(folder, "balancer"),
    }),
    folder,
    port,
    isReady: () => isBalancerReady(port),
  };
  return { launch, address: `http://127.0.0.1:${port}` };
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
function renderConfiguration(template: string, apis: readonly string[]): string {
  const lines = template.split("\n");
  const isServer = (line: string) => /^\s*server\s/.test(line);
  const at = lines.findIndex(isServer);
  if (at === -1) {
    throw new AppError(
      "SERVICE_FAILED",
      "The balancer's configuration has no `server` line; add one for an API server.",
    );
  }
  const servers = apis.flatMap((address, index) => [
    `    server api-${index + 1} ${address}`,
    // Asked when no server says that it is ready.
    `    server api-${index + 1}-unready ${address} no-check backup`,
  ]);
  return [
    ...lines.slice(0, at),
    ...servers,
    ...lines.slice(at).filter((line) => !isServer(line)),
  ].join("\n");
}

async function checkConfiguration(
  toolbox: Toolbox,
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const call = programCall(toolbox, { program: "haproxy", args: ["-c", "-f", file], environment });
  const { code, output } = await runCommand(call.command, call.args, { environment });
  if (code === 0) return;
  throw new AppError(
    "SERVICE_FAILED",
    `HAProxy refuses its configuration ${file}; correct it. It said:\n${lastLines(output)}`,
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
