// Real: the thread, the server, HTTP/2. Fake: nothing.

import { once } from "node:events";
import { createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { GenreAnalysisService } from "@segue/contracts/music";
import { eventually } from "@segue/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAnalyticsThread } from "./start-analytics-thread.ts";

const OPTIONS = {
  host: "127.0.0.1",
  ports: [0, 0],
  messageBytesMax: 1024 * 1024,
  threads: 0,
  nodes: [],
};

function makeWitnesses() {
  const events: string[] = [];
  const note = (_: object, event: string) => void events.push(event);
  const calls: string[] = [];
  const metrics = { observeCall: ({ call }: { call: string }) => void calls.push(call) };
  return { logger: { info: note, warn: note, error: note }, metrics, events, calls };
}

async function topGenres(address: string | undefined) {
  const transport = createGrpcTransport({ baseUrl: `http://${address}` });
  const client = createClient(GenreAnalysisService, transport);
  return (await client.analyzeGenres({ records: [{ genre: "Pop" }] })).topGenres;
}

describe("the analytics thread", () => {
  test("serves, tells what it logs, and ends when it is told to", async () => {
    const { logger, metrics, events, calls } = makeWitnesses();
    const analytics = await startAnalyticsThread({ logger, metrics, options: OPTIONS });
    for (const address of analytics.addresses) expect(await topGenres(address)).toEqual(["Pop"]);
    expect(events).toEqual(["grpc.listening"]);
    expect(calls).toEqual(Array(2).fill("music.GenreAnalysisService/AnalyzeGenres"));
    await analytics.close();
    await expect(topGenres(analytics.addresses[0])).rejects.toThrow();
  });

  test("says which port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const options = { ...OPTIONS, ports: [0, port] };
    const started = startAnalyticsThread({ ...makeWitnesses(), options });
    await expect(started).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`Cannot open port ${port}`) as string,
    });
  });

  test("is replaced on the same ports when it dies", async () => {
    const { logger, metrics, events } = makeWitnesses();
    const threads: Worker[] = [];
    const analytics = await startAnalyticsThread({
      logger,
      metrics,
      options: OPTIONS,
      startThread: (workerData) => {
        const entry = new URL("./serving-thread.ts", import.meta.url);
        const thread = new Worker(entry, { workerData });
        threads.push(thread);
        return thread;
      },
    });
    onTestFinished(() => analytics.close());
    await threads[0]?.terminate();
    const found = await eventually(() => topGenres(analytics.addresses[1]), {
      timeoutMs: 20_000,
      what: "the new thread to answer",
    });
    expect(found).toEqual(["Pop"]);
    expect(events).toContain("analytics.lost");
    expect(threads).toHaveLength(2);
  });
});
