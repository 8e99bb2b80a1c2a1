/** `segue cluster`: a whole cluster on this machine, and what its operator does with it. */
import { fileURLToPath } from "node:url";
import { parseToolConfig } from "@segue/config";
import { toAppError } from "@segue/errors";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ClusterView } from "../cluster/cluster.ts";
import { clusterFolder } from "../cluster/cluster-folder.ts";
import { createControlClient } from "../cluster/control-client.ts";
import { printLogs } from "../cluster/follow-logs.ts";
import { renderStatus } from "../cluster/status-view.ts";
import type { ProcessView } from "../cluster/supervised-process.ts";
import { onInterrupt } from "../output/interrupt.ts";
import { isJson, printResult } from "../output/result.ts";

export function clusterCommand(): Command {
  const cluster = new Command("cluster").description(
    "run Kafka, database, load balancer and every process of Segue on this machine",
  );
  addUp(cluster);
  addStatus(cluster);
  addScale(cluster);
  addKillAndRevive(cluster);
  addRestart(cluster);
  addLogs(cluster);
  addDown(cluster);
  return cluster;
}

const UP_HELP = `
It stays in the foreground until Ctrl-C, which ends everything in order. SEGUE_STAGES and
SEGUE_SHARDS cut the model, SEGUE_HTTP_PORT is the port of the load balancer, SEGUE_GRPC_PORTS are
those before the analytics services, and what SEGUE_KAFKA_BROKERS or SEGUE_DATABASE_URL name is used
instead of being started. Logs and data lie in the folder "cluster" of SEGUE_DATA_DIR.`;

interface UpFlags {
  readonly apis: number;
  readonly dispatchers: number;
  readonly analytics: number;
  readonly replicas?: number;
  readonly brokers: number;
  readonly page: boolean;
  readonly detach?: boolean;
  readonly supervise?: boolean;
}

function addUp(cluster: Command): void {
  cluster
    .command("up")
    .description("start everything and keep it alive")
    .option("--apis <count>", "API servers", countFrom(1, 16), 3)
    .option("--dispatchers <count>", "dispatchers", countFrom(1, 16), 2)
    .option(
      "--replicas <count>",
      "compute nodes of each stage and shard (default: SEGUE_REPLICAS, at least 2)",
      countFrom(1, 16),
    )
    .option("--analytics <count>", "analytics processes (gRPC)", countFrom(0, 16), 2)
    .option("--brokers <count>", "Kafka brokers", countFrom(1, 7), 3)
    .option("--no-page", "neither build nor serve the page")
    .option("-d, --detach", "come back when everything is ready, and leave it running")
    .addOption(new Option("--supervise", "as the background part of --detach").hideHelp())
    .addHelpText("after", UP_HELP)
    .action(async (flags: UpFlags, command: Command) => {
      const { up, upDetached } = await import("../cluster/up.ts");
      const isDetached = flags.supervise === true;
      if (flags.detach === true && !isDetached) {
        printReady(await upDetached([PROGRAM, ...process.argv.slice(2), "--supervise"]), command);
        return;
      }
      await up({
        ...flags,
        isDetached,
        // biome-ignore lint/style/noProcessEnv: handed on whole to the processes.
        environment: process.env,
        onReady: (view) => printReady(view, command),
      });
    });
}

const PROGRAM = fileURLToPath(new URL("../main.ts", import.meta.url));

function printReady(view: ClusterView, command: Command): void {
  const text = [
    renderHere(view),
    "",
    `Segue is ready at ${view.address}; its system page: ${view.address}/system`,
    ...view.analytics.slice(0, 1).map((address) => `segue analyze plays.csv --server ${address}`),
  ].join("\n");
  if (isJson(command)) console.log(JSON.stringify(view));
  else console.log(text);
}

function addStatus(cluster: Command): void {
  cluster
    .command("status")
    .description("every process: health, port, age, restarts, memory")
    .action(async (_flags, command: Command) => {
      const view = await control().view();
      printResult(command, view, renderHere(view));
    });
}

interface ScaleFlags {
  readonly stage?: number;
  readonly shard?: number;
  readonly replicas: number;
}

function addScale(cluster: Command): void {
  cluster
    .command("scale")
    .description("add compute nodes to a running cluster, or drain some away")
    .argument("<role>", "compute")
    .option("--stage <number>", "the stage, from 1 (default: every stage)", countFrom(1, 6))
    .option("--shard <number>", "the shard, from 0 (default: every shard)", countFrom(0, 63))
    .requiredOption("--replicas <count>", "nodes that each shall have", countFrom(1, 16))
    .action(async (role: string, flags: ScaleFlags, command: Command) => {
      const view = await control().scale({ role, ...flags }, stepsFor(command));
      printResult(command, view, renderHere(view));
    });
}

function addKillAndRevive(cluster: Command): void {
  cluster
    .command("kill")
    .description("send a signal to a process; one that ends stays down until it is revived")
    .argument("<replica>", "its name in `segue cluster status`, such as compute-2-1")
    .option("-s, --signal <name>", "KILL, TERM (drains), STOP (pauses) or CONT", "KILL")
    .action(async (replica: string, { signal }: { signal: string }, command: Command) => {
      const name = signal.toUpperCase();
      const view = await control().kill(replica, name.startsWith("SIG") ? name : `SIG${name}`);
      printProcess(view, command);
    });
  cluster
    .command("revive")
    .description("bring back a process that was killed or paused, and wait until it is ready")
    .argument("<replica>")
    .action(async (replica: string, _flags, command: Command) => {
      printProcess(await control().revive(replica), command);
    });
}

function addRestart(cluster: Command): void {
  cluster
    .command("restart")
    .description("restart one process after another without losing a request")
    .argument("[replicas...]", "only these (default: all but the database and the balancer)")
    .action(async (replicas: string[], _flags, command: Command) => {
      const result = await control().restart(replicas, stepsFor(command));
      printResult(command, result, `Restarted ${result.restarted.join(", ")}.`);
    });
}

interface LogFlags {
  readonly follow?: boolean;
  readonly lines: number;
}

function addLogs(cluster: Command): void {
  cluster
    .command("logs")
    .description("what the processes say, also after the cluster has ended")
    .argument("[replica]", "only this one")
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .option("-n, --lines <count>", "lines of each log", countFrom(0, 100_000), 50)
    .action(async (replica: string | undefined, flags: LogFlags, command: Command) => {
      const print = isJson(command)
        ? (name: string, line: string) => console.log(JSON.stringify({ replica: name, line }))
        : (name: string, line: string) =>
            console.log(replica === undefined ? `${name.padEnd(14)} ${line}` : line);
      const interrupt = onInterrupt();
      await printLogs(folderOfCluster(), {
        replica,
        lineCount: flags.lines,
        isFollowing: flags.follow === true,
        signal: interrupt.signal,
        print,
      });
      interrupt.stop();
    });
}

function addDown(cluster: Command): void {
  cluster
    .command("down")
    .description("end everything in order; data and logs stay")
    .action(async (_flags, command: Command) => {
      const { waitUntilGone, endStaleCluster } = await import("../cluster/supervisor.ts");
      const folder = folderOfCluster();
      try {
        await control().down(stepsFor(command));
        await waitUntilGone(folder);
        printResult(command, { ended: true }, "The cluster has ended.");
      } catch (thrown) {
        if (toAppError(thrown).code !== "CLUSTER_UNAVAILABLE") throw thrown;
        const ended = await endStaleCluster(folder);
        const text =
          ended.length === 0
            ? "No cluster runs here."
            : `The supervisor was gone; ended what it left: ${ended.join(", ")}.`;
        printResult(command, { ended: ended.length > 0, leftovers: ended }, text);
      }
    });
}

function folderOfCluster() {
  return clusterFolder(parseToolConfig().dataDir);
}

function control() {
  return createControlClient(folderOfCluster());
}

function stepsFor(command: Command): (text: string) => void {
  return isJson(command) ? () => undefined : (text) => console.error(text);
}

function renderHere(view: ClusterView): string {
  const { isTTY, columns } = process.stdout;
  return renderStatus(view, {
    isColoured: isTTY && process.stdout.hasColors(),
    nowMs: Date.now(),
    widthMax: isTTY ? columns : Number.POSITIVE_INFINITY,
  });
}

function printProcess(view: ProcessView, command: Command): void {
  const { replica, health, pid, port } = view;
  const where = pid === null ? "" : ` (pid ${pid}, port ${port})`;
  printResult(command, view, `${replica} is ${health}${where}.`);
}

function countFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= min && count <= max) return count;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}
