/** Real processes that dial through the network without knowing it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../eventually.ts";
import { startFaultNetwork } from "./fault-network.ts";

const ASKER = `
  import { get } from "node:http";
  import { createInterface } from "node:readline";
  createInterface({ input: process.stdin }).on("line", (line) => {
    get({ host: "127.0.0.1", agent: false, timeout: 1000, ...JSON.parse(line) }, (response) => {
      response.setEncoding("utf8").on("data", (text) => console.log(text));
    }).on("timeout", function () { this.destroy(new Error("silence")); })
      .on("error", (error) => console.log(error.code ?? error.message));
  });`;

type Where = { readonly port: number } | { readonly socketPath: string };

interface Asker {
  readonly pid: number;
  /** What the server said, or the code of what went wrong. */
  ask(where: Where): Promise<string>;
}

function startAsker(environment: Readonly<Record<string, string>>): Asker {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", ASKER], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  return {
    pid: child.pid ?? 0,
    async ask(where) {
      child.stdin.write(`${JSON.stringify(where)}\n`);
      const [line] = (await once(lines, "line")) as [string];
      return line;
    },
  };
}

async function startServer(answer: string): Promise<number> {
  const server = createServer((_request, response) => response.end(answer));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function startNetwork() {
  const network = await startFaultNetwork();
  onTestFinished(() => network.close());
  return network;
}

describe("the fault network", () => {
  it("cuts one process from everybody and leaves the others alone", async () => {
    const [network, port] = await Promise.all([startNetwork(), startServer("hello")]);
    const [cut, free] = [startAsker(network.environment), startAsker(network.environment)];
    expect(await Promise.all([cut.ask({ port }), free.ask({ port })])).toEqual(["hello", "hello"]);
    network.impose({ pid: cut.pid }, { kind: "cut" });
    expect(await Promise.all([cut.ask({ port }), free.ask({ port })])).toEqual([
      "ECONNRESET",
      "hello",
    ]);
    network.restore();
    expect(await cut.ask({ port })).toBe("hello");
    expect(network.counts({ pid: cut.pid }).accepted).toBe(5);
  });

  it("cuts one server from everybody and leaves the others alone", async () => {
    const [network, one, two] = await Promise.all([
      startNetwork(),
      startServer("one"),
      startServer("two"),
    ]);
    const asker = startAsker(network.environment);
    network.impose({ port: one }, { kind: "cut" });
    expect([await asker.ask({ port: one }), await asker.ask({ port: two })]).toEqual([
      "ECONNRESET",
      "two",
    ]);
  });

  it("leaves Unix sockets alone, also those of HTTP", async () => {
    const network = await startNetwork();
    const folder = await mkdtemp(join(tmpdir(), "segue-network-"));
    const socketPath = join(folder, "socket");
    const server = createServer((_request, response) => response.end("hello"));
    await once(server.listen(socketPath), "listening");
    onTestFinished(async () => {
      server.close();
      await rm(folder, { recursive: true });
    });
    expect(await startAsker(network.environment).ask({ socketPath })).toBe("hello");
    expect(network.counts().accepted).toBe(0);
  });

  it("keeps a stalled process waiting without an end", async () => {
    const [network, port] = await Promise.all([startNetwork(), startServer("hello")]);
    const asker = startAsker(network.environment);
    network.impose({ pid: asker.pid }, { kind: "stall" });
    expect(await asker.ask({ port })).toBe("silence");
  });

  it("closes also when somebody has connected and dialed nobody", async () => {
    const network = await startFaultNetwork();
    const silent = connect(Number(network.environment["FAULT_NETWORK_PORT"]), "127.0.0.1");
    silent.on("error", () => {});
    await once(silent, "connect");
    await network.close();
    expect(network.counts().open).toBe(0);
  });

  it("forgets the connections that ended", async () => {
    const [network, port] = await Promise.all([startNetwork(), startServer("hello")]);
    const asker = startAsker(network.environment);
    await asker.ask({ port });
    await eventually(() => (network.counts().open === 0 ? true : undefined), {
      timeoutMs: 2_000,
      what: "the connection to be forgotten",
    });
  });
});
