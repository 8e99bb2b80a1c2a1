// Real: the server and its port.
import { createMetrics } from "@segue/telemetry";
import { afterEach, describe, expect, test } from "vitest";
import { type OperationsServer, startOperationsServer } from "./operations-server.ts";

let server: OperationsServer | undefined;
let reason: string | undefined;

const start = async (port = 0): Promise<OperationsServer> =>
  startOperationsServer({
    host: "127.0.0.1",
    port,
    whyNotReady: () => reason,
    metrics: createMetrics({ process: true }),
  });
const ask = (path: string, method = "GET") => fetch(`http://${server?.address}${path}`, { method });

afterEach(async () => {
  await server?.close();
  reason = undefined;
});

describe("operations server", () => {
  test("is alive while it waits, and says for what", async () => {
    server = await start();
    reason = "no broker answers";
    expect((await ask("/healthz")).status).toBe(200);
    const answer = await ask("/readyz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: "not ready", reason: "no broker answers" });
    reason = undefined;
    expect((await ask("/readyz")).status).toBe(200);
  });

  test("gives the metrics as Prometheus reads them", async () => {
    server = await start();
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(await answer.text()).toContain("segue_process_resident_memory_bytes");
  });

  test("answers nothing else", async () => {
    server = await start();
    expect((await ask("/readyz", "POST")).status).toBe(405);
    expect((await ask("/")).status).toBe(404);
    expect((await ask("/readyz/../secret")).status).toBe(404);
  });

  test("names the setting when its port is taken", async () => {
    server = await start();
    const port = Number(server.address.split(":")[1]);
    await expect(start(port)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("SEGUE_OPERATIONS_PORT") as string,
    });
  });

  test("closes although a caller keeps its connection open", async () => {
    server = await start();
    await (await ask("/healthz")).text();
    await server.close();
    await expect(ask("/healthz")).rejects.toThrow();
    server = undefined;
  });
});
