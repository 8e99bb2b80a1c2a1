/** A supervisor of a local cluster as the API meets it: real HTTP over a real unix socket, no processes. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { SupervisedProcess } from "../src/system/cluster-control.ts";

export interface SupervisorStandIn {
  readonly socket: string;
  /** What it was asked to do, such as "api-1/kill {"signal":"SIGSTOP"}". */
  readonly orders: readonly string[];
  /** What it says from now on. */
  processes: readonly SupervisedProcess[];
  /** It does and answers nothing more until what this returns is called. */
  holdBack(): () => void;
  close(): Promise<void>;
}

export function supervised(fields: Partial<SupervisedProcess>): SupervisedProcess {
  return {
    role: "broker",
    replica: "broker-1",
    stage: null,
    shard: null,
    pid: 4_711,
    port: 19_091,
    health: "ready",
    startedAt: "2026-01-02T03:04:05.000Z",
    restarts: 0,
    ...fields,
  };
}

export async function startSupervisor(
  processes: readonly SupervisedProcess[],
): Promise<SupervisorStandIn> {
  const folder = await mkdtemp(join(tmpdir(), "segue-control-"));
  const socket = join(folder, "control.sock");
  const orders: string[] = [];
  let released = Promise.resolve();
  const server = createServer((request, response) => {
    const answer = async () => {
      const body = await text(request);
      await released;
      const { url = "", method } = request;
      if (method === "GET") {
        const address = "http://127.0.0.1:8080";
        const analytics = ["127.0.0.1:50051"];
        response.end(JSON.stringify({ address, analytics, processes: standIn.processes }));
        return;
      }
      const [, , replica = "", verb = ""] = url.split("/");
      const known = standIn.processes.find((process) => process.replica === replica);
      orders.push(`${replica}/${verb} ${body}`);
      const refuse = (status: number, detail: string) => {
        response.writeHead(status, { "content-type": "application/problem+json" });
        response.end(JSON.stringify({ status, detail }));
      };
      if (known === undefined) refuse(404, `There is no process ${replica}`);
      else if (verb === "kill" && known.pid === null) refuse(400, `${replica} does not run`);
      else response.end(JSON.stringify(known));
    };
    void answer();
  });
  const close = async () => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    await closed.promise;
    await rm(folder, { recursive: true, force: true });
  };
  const holdBack = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    released = promise;
    return resolve;
  };
  const standIn = { socket, orders, processes, holdBack, close };
  onTestFinished(close);
  const listening = Promise.withResolvers<void>();
  server.listen(socket, listening.resolve);
  await listening.promise;
  return standIn;
}
