import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listen } from "../test/listen.ts";
import { makeFolder, makeMachine } from "../test/make-machine.ts";
import { planBalancer } from "./plan-balancer.ts";
import type { RunningProgram } from "./start-program.ts";
import { startService, waitUntilReady } from "./start-service.ts";

const TEMPLATE = new URL("../../../deploy/haproxy.cfg", import.meta.url);
const API_COUNT = 2;

/** Stands for an API server: says its name to every call, and whether it is ready. */
async function startApi(
  name: string,
  readyStatus = 200,
): Promise<{ address: string; server: Server }> {
  const server = createServer(({ url }, answer) => {
    answer.statusCode = url === "/readyz" ? readyStatus : 200;
    answer.end(name);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function start(
  apis: readonly string[],
): Promise<{ address: string; program: RunningProgram }> {
  const folder = await makeFolder();
  const configurationTemplate = await readFile(TEMPLATE, "utf8");
  const { launch, address } = await planBalancer({ folder, apis, configurationTemplate });
  const program = await startService(launch, { logFile: join(folder, "log") });
  onTestFinished(async () => {
    await program.stop(0);
  });
  await waitUntilReady(launch, program, 30_000);
  return { address, program };
}

async function namesFrom(address: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (let call = 0; call < 20; call += 1) names.add(await (await fetch(address)).text());
  return names;
}

describe("the balancer", () => {
  it("asks every API server that it was given, and the others when one is gone", async () => {
    const apis = await Promise.all(["a", "b"].map((name) => startApi(name)));
    const { address, program } = await start(apis.map((api) => api.address));
    expect((await namesFrom(address)).size).toBe(API_COUNT);
    apis[0]?.server.closeAllConnections();
    apis[0]?.server.close();
    expect(await namesFrom(address)).toEqual(new Set(["b"]));
    expect(await program.stop(30_000)).toMatchObject({ signal: "SIGTERM" });
  });

  it("asks servers that are not ready when none is, and only then", async () => {
    const unready = await Promise.all([startApi("a", 503), startApi("b", 503)]);
    const addresses = unready.map((api) => api.address);
    const { address } = await start(addresses);
    await expect.poll(() => namesFrom(address), { timeout: 10_000 }).toEqual(new Set(["a", "b"]));
    const ready = await startApi("c");
    const other = await start([...addresses, ready.address]);
    await expect.poll(() => namesFrom(other.address), { timeout: 10_000 }).toEqual(new Set(["c"]));
  });

  it("is ready without any server behind it", async () => {
    const { address } = await start(["127.0.0.1:1"]);
    const { status } = await fetch(address);
    expect(status).toBe(503);
  });

  it("is not planned with a configuration that HAProxy refuses", async () => {
    const folder = await makeFolder();
    const plan = (configurationTemplate: string) =>
      planBalancer({ folder, apis: ["127.0.0.1:1"], configurationTemplate });
    await expect(plan("frontend\n  server a")).rejects.toThrow(/HAProxy refuses .*\[ALERT\]/s);
    await expect(plan("global\n")).rejects.toThrow(/has no `server` line/);
  });

  it("is refused a port that is taken", async () => {
    const port = await listen("");
    const options = { folder: await makeFolder(), port, apis: ["127.0.0.1:1"] };
    const configurationTemplate = await readFile(TEMPLATE, "utf8");
    const { launch } = await planBalancer({ ...options, configurationTemplate });
    await expect(startService(launch, { logFile: join(launch.folder, "log") })).rejects.toThrow(
      new RegExp(`balancer cannot listen on 127.0.0.1:${port}`),
    );
  });

  it("is missed where nothing is there to run it", async () => {
    const options = { folder: await makeFolder(), apis: [], machine: await makeMachine({}) };
    await expect(planBalancer({ ...options, configurationTemplate: "" })).rejects.toMatchObject({
      code: "SERVICE_MISSING",
      details: { missing: ["haproxy"] },
    });
  });
});
