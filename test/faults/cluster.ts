/**
 * A cluster of real processes, started as a user starts one, on a data folder of its own and with
 * its network in the test's hands. Acts through the cluster's control socket.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf, startReaper } from "@segue/local-services";
import {
  eventually,
  type FaultNetwork,
  type NetworkCondition,
  startFaultNetwork,
} from "@segue/testkit";
import { runSegue, startSegue } from "../e2e/run-segue.ts";

export interface ClusterProcess {
  readonly role:
    | "api"
    | "dispatcher"
    | "compute"
    | "analytics"
    | "broker"
    | "database"
    | "balancer";
  readonly stage: number | null;
  readonly shard: number | null;
  readonly replica: string;
  readonly pid: number | null;
  readonly port: number;
  readonly health: "starting" | "ready" | "unready" | "stopped" | "dead" | "paused";
}

interface Status {
  readonly address: string;
  /** Of the analytics services. */
  readonly analytics: readonly string[];
  readonly supervisor: { readonly pid: number };
  readonly processes: readonly ClusterProcess[];
}

const READY_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 300_000;
const DOWN_MS_MAX = 30_000;

export interface ClusterOptions {
  /** Of `segue cluster up`. */
  readonly flags?: readonly string[];
  /** Settings beside those that keep the cluster to itself. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startCluster({
  flags = [],
  environment = {},
}: ClusterOptions = {}): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "segue-faults-"));
  const network = await startFaultNetwork();
  const settings = {
    SEGUE_DATA_DIR: folder,
    SEGUE_HTTP_PORT: "0",
    ...network.environment,
    ...environment,
  };
  // A test run that is interrupted takes its cluster with it.
  const reaper = startReaper(DOWN_MS_MAX);
  const end = async () => {
    await runSegue(["cluster", "down"], settings);
    reaper.dismiss();
    await network.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await bringUp(flags, settings);
    const told = await runSegue(["cluster", "status", "--json"], settings);
    if (told.code !== 0) throw new Error(`segue cluster status failed:\n${told.stderr}`);
    const { address, supervisor } = JSON.parse(told.stdout) as Status;
    const identity = identityOf(supervisor.pid);
    if (identity !== undefined) reaper.watch({ identity });
    return new Cluster(address, folder, network, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function bringUp(flags: readonly string[], settings: Record<string, string>): Promise<void> {
  const segue = startSegue(["cluster", "up", "--detach", "--no-page", ...flags], settings);
  const timer = setTimeout(() => segue.kill("SIGTERM"), START_TIMEOUT_MS);
  const { code, stderr } = await segue.ended;
  clearTimeout(timer);
  if (code !== 0) throw new Error(`segue cluster up ended with code ${code}:\n${stderr}`);
}

export class Cluster {
  readonly address: string;
  readonly #socketPath: string;
  readonly #network: FaultNetwork;
  readonly #end: () => Promise<void>;

  constructor(address: string, folder: string, network: FaultNetwork, end: () => Promise<void>) {
    this.address = address;
    this.#socketPath = join(folder, "cluster", "control.sock");
    this.#network = network;
    this.#end = end;
  }

  status(): Promise<Status> {
    return this.#call<Status>("GET", "/processes");
  }

  async processes(): Promise<readonly ClusterProcess[]> {
    return (await this.status()).processes;
  }

  async process(replica: string): Promise<ClusterProcess> {
    const found = (await this.processes()).find((process) => process.replica === replica);
    if (found === undefined) throw new Error(`The cluster has no ${replica}`);
    return found;
  }

  async kill(replica: string, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    await this.#call("POST", `/processes/${replica}/kill`, { signal });
  }

  async revive(replica: string): Promise<void> {
    await this.#call("POST", `/processes/${replica}/revive`);
  }

  async scale(stage: number, replicas: number): Promise<void> {
    await this.#call("POST", "/scale", { role: "compute", stage, replicas });
  }

  /** One process after the other. */
  async restart(): Promise<void> {
    await this.#call("POST", "/restart");
  }

  /** The network of one process; of a broker or the database: between it and Segue's processes. */
  async impose(replica: string, condition: NetworkCondition): Promise<void> {
    const { role, pid, port } = await this.process(replica);
    const isServer = role === "broker" || role === "database";
    if (isServer) this.#network.impose({ port }, condition);
    else if (pid !== null) this.#network.impose({ pid }, condition);
  }

  restoreNetwork(): void {
    this.#network.restore();
  }

  /** Resolves when these, or all, are ready, to the moment of `performance.now()` when it saw that. */
  async untilReady(...replicas: string[]): Promise<number> {
    return eventually(
      async () => {
        const processes = (await this.processes()).filter(
          ({ replica }) => replicas.length === 0 || replicas.includes(replica),
        );
        const isReady = processes.every(({ health }) => health === "ready");
        return isReady ? performance.now() : undefined;
      },
      { timeoutMs: READY_TIMEOUT_MS, what: `${replicas.join(", ") || "everything"} to be ready` },
    );
  }

  /** The settings that the cluster gave to one of its processes. */
  async settingsOf(replica: string): Promise<Record<string, string>> {
    const { pid } = await this.process(replica);
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    const entries = environment.split("\0").map((entry) => {
      const [name = "", ...value] = entry.split("=");
      return [name, value.join("=")] as const;
    });
    return Object.fromEntries(entries.filter(([name]) => name.startsWith("SEGUE_")));
  }

  /** Rejects when a process outlives the cluster. */
  async stop(): Promise<void> {
    const processes = await this.processes();
    await this.#end();
    const alive = processes.filter(({ pid }) => pid !== null && isAlive(pid));
    if (alive.length > 0) {
      throw new Error(`The cluster left ${alive.map(({ replica }) => replica).join(", ")} behind`);
    }
  }

  #call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    return callControl<Result>(this.#socketPath, method, path, body);
  }
}

function callControl<Result>(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Result> {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((done, fail) => {
    const calling = request({ socketPath, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => {
        const isGood = (response.statusCode ?? 500) < 300;
        if (isGood) done((text === "" ? undefined : JSON.parse(text)) as Result);
        else fail(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
      });
    });
    calling.once("error", fail);
    calling.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
