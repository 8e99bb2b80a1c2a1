/** Real TCP on loopback: an echo server, the proxy in front of it, and clients. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../eventually.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

async function echoBehindProxy(): Promise<FaultProxy> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const proxy = await startFaultProxy({
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
  });
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  return proxy;
}

interface Client {
  readonly socket: Socket;
  readonly heard: () => string;
  /** Resolves once it is closed, to the code of what went wrong. */
  readonly closed: Promise<string | undefined>;
}

function dial({ port }: FaultProxy): Client {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  let problem: string | undefined;
  socket.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    problem = error.code;
  });
  const closed = new Promise<string | undefined>((resolve) =>
    socket.once("close", () => resolve(problem)),
  );
  onTestFinished(() => void socket.destroy());
  return { socket, heard: () => heard, closed };
}

const heardBy = (client: Client, text: string) =>
  eventually(() => (client.heard() === text ? true : undefined), {
    timeoutMs: 2_000,
    everyMs: 2,
    what: `the client to hear ${text.length} characters`,
  });

describe("the fault proxy", () => {
  it("passes everything on, in order, and counts it", async () => {
    const proxy = await echoBehindProxy();
    const client = dial(proxy);
    const text = "segue".repeat(200_000);
    client.socket.end(text);
    await heardBy(client, text);
    expect(proxy.counts()).toMatchObject({ accepted: 1, bytes: 2 * text.length });
    await eventually(() => (proxy.counts().open === 0 ? true : undefined), {
      timeoutMs: 1_000,
      what: "the connection to end with its client",
    });
  });

  it("cuts: connections are reset, new ones too, until it is restored", async () => {
    const proxy = await echoBehindProxy();
    const early = dial(proxy);
    early.socket.write("hello");
    await heardBy(early, "hello");
    proxy.set({ kind: "cut" });
    expect(await early.closed).toBe("ECONNRESET");
    expect(await dial(proxy).closed).toBe("ECONNRESET");
    proxy.restore();
    const next = dial(proxy);
    next.socket.write("again");
    await heardBy(next, "again");
  });

  it("stalls: nothing arrives and nothing ends, and all of it comes after", async () => {
    const proxy = await echoBehindProxy();
    const client = dial(proxy);
    client.socket.write("one ");
    await heardBy(client, "one ");
    proxy.set({ kind: "stall" });
    const late = dial(proxy);
    client.socket.write("two");
    late.socket.write("three");
    const before = proxy.counts().bytes;
    await once(late.socket, "connect");
    await heardBy(client, "one ");
    expect(proxy.counts()).toMatchObject({ open: 2, bytes: before });
    proxy.restore();
    await Promise.all([heardBy(client, "one two"), heardBy(late, "three")]);
  });

  it("slows: each way takes its time, and no more bytes pass than told", async () => {
    const proxy = await echoBehindProxy();
    proxy.set({ kind: "slow", latencyMs: 40, bytesPerSecond: 100_000 });
    const client = dial(proxy);
    const startedAtMs = performance.now();
    client.socket.write("x");
    await heardBy(client, "x");
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(80);
    const text = "y".repeat(20_000);
    client.socket.write(text);
    await heardBy(client, `x${text}`);
    // 20 kB at 100 kB/s take 200 ms, beside both latencies.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(80 + 80 + 200);
  });

  it("resets its client when there is nobody behind it", async () => {
    const proxy = await startFaultProxy({ host: "127.0.0.1", port: 1 });
    onTestFinished(() => proxy.close());
    expect(await dial(proxy).closed).toBe("ECONNRESET");
  });

  it("closes without leaving a connection or a listener", async () => {
    const proxy = await echoBehindProxy();
    const client = dial(proxy);
    client.socket.write("x");
    await heardBy(client, "x");
    await proxy.close();
    expect(proxy.counts().open).toBe(0);
    expect(await dial(proxy).closed).toBe("ECONNREFUSED");
  });
});
