import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listen } from "../test/listen.ts";
import { makeFolder } from "../test/make-machine.ts";
import { chooseFreePort } from "./free-port.ts";
import { isBrokerReady } from "./is-broker-ready.ts";
import { probePort } from "./probe-port.ts";
import type { ServiceLaunch } from "./service-launch.ts";
import { startService, waitUntilReady } from "./start-service.ts";

async function makeLaunch(script: string, isReady = false): Promise<ServiceLaunch> {
  return {
    name: "database",
    role: "database",
    command: "/bin/sh",
    args: ["-c", script],
    folder: await makeFolder(),
    port: await chooseFreePort(script),
    isReady: () => Promise.resolve(isReady),
  };
}

async function startAndWait(launch: ServiceLaunch, timeoutMs: number): Promise<void> {
  const program = await startService(launch, { logFile: join(launch.folder, "log") });
  onTestFinished(async () => {
    await program.stop(0);
  });
  await waitUntilReady(launch, program, timeoutMs);
}

describe("a service", () => {
  it("is refused a port that another program holds", async () => {
    const launch = await makeLaunch("sleep 600", true);
    await listen("", launch.port);
    await expect(startAndWait(launch, 60_000)).rejects.toMatchObject({
      code: "SERVICE_FAILED",
      message: expect.stringContaining(`127.0.0.1:${launch.port}, which another program`) as string,
    });
  });

  it("that ends before it is ready is told with the end of its log", async () => {
    const launch = await makeLaunch("echo 'the disk is gone' >&2; exit 3");
    await expect(startAndWait(launch, 60_000)).rejects.toThrow(
      /database ended with code 3 before it was ready; .*:\nthe disk is gone$/,
    );
  });

  it("that never answers is told when the time is over", async () => {
    const launch = await makeLaunch("echo hello; sleep 600");
    await expect(startAndWait(launch, 100)).rejects.toThrow(
      /database was not ready within 0.1 s; .*:\nhello$/,
    );
  });

  it("is ready when it says so", async () => {
    await startAndWait(await makeLaunch("sleep 600", true), 60_000);
  });
});

describe("ports", () => {
  it("stay with their owner while they are free", async () => {
    const [one, other] = [await chooseFreePort("one"), await chooseFreePort("other")];
    expect(other).not.toBe(one);
    expect(await chooseFreePort("one")).toBe(one);
    await listen("", one);
    expect(await chooseFreePort("one")).not.toBe(one);
  });
});

describe("a probe", () => {
  const asked = (port: number) => isBrokerReady({ port, nodeId: 1, clusterId: "c" });

  it("finds nothing ready where nobody listens or something else answers", async () => {
    const shortAnswer = Buffer.from([0, 0, 0, 2, 0, 0]);
    expect(await asked(await chooseFreePort("nobody"))).toBe(false);
    expect(await asked(await listen(shortAnswer))).toBe(false);
  });

  it("gives up on a server that does not say enough", async () => {
    const port = await listen("HT");
    expect(await probePort({ port, judge: () => undefined, timeoutMs: 50 })).toBe(false);
  });
});
