/** Real HTTP on loopback; the product is played by a server that does as each test wants. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../eventually.ts";
import { seededRandom } from "../seeded-random.ts";
import { ask } from "./ask.ts";
import { measureThroughput } from "./closed-loop.ts";
import { startLoad } from "./open-loop.ts";

const QUESTIONS = [
  { songs: ["a", "b", "c", "d", "e"], limit: 20 },
  { songs: ["f", "g", "h", "i", "j"], limit: 20 },
];
const ANSWER = JSON.stringify({ requestId: "r", songs: [], receipt: { level: "full" } });

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [question = { songs: [], limit: 0 }] = QUESTIONS;

describe("a client's request", () => {
  it("keeps the answer, its status and its time", async () => {
    const address = await serve((_request, response) => response.end(ANSWER));
    const outcome = await ask(question, { address, timeoutMs: 1_000 });
    expect(outcome).toMatchObject({ status: 200, answer: { requestId: "r" } });
    expect(outcome.latencyMs).toBeGreaterThan(0);
  });

  it("keeps an error's body, and takes what is no continuation for a problem", async () => {
    const address = await serve((_request, response) => {
      response.statusCode = 503;
      response.end("no server is available");
    });
    const odd = await serve((_request, response) => response.end('{"songs":[]}'));
    expect(await ask(question, { address, timeoutMs: 1_000 })).toMatchObject({
      status: 503,
      problem: "no server is available",
    });
    expect(await ask(question, { address: odd, timeoutMs: 1_000 })).toMatchObject({
      status: 200,
      problem: '{"songs":[]}',
    });
  });

  it("has no answer when the connection breaks, ends half way, or stays silent", async () => {
    const broken = await serve((request) => request.socket.destroy());
    const halved = await serve((request, response) => {
      response.writeHead(200, { "content-length": 1_000 });
      response.write(ANSWER.slice(0, 10), () => request.socket.destroy());
    });
    const silent = await serve(() => {});
    for (const address of [broken, halved, silent]) {
      const { latencyMs, answer, problem } = await ask(question, { address, timeoutMs: 100 });
      expect([latencyMs, answer]).toEqual([undefined, undefined]);
      expect(problem).not.toBe("");
    }
  });
});

describe("steady load", () => {
  it("keeps its rate while nothing is answered", async () => {
    let asked = 0;
    const address = await serve(() => {
      asked += 1;
    });
    const load = startLoad({
      address: () => address,
      questions: QUESTIONS,
      requestsPerSecond: 100,
      random: seededRandom(1),
      timeoutMs: 600,
    });
    await eventually(() => (asked >= 40 ? true : undefined), {
      timeoutMs: 2_000,
      everyMs: 5,
      what: "40 requests",
    });
    expect(load.outcomes).toHaveLength(0);
    const outcomes = await load.stop();
    expect(outcomes.filter(({ latencyMs }) => latencyMs !== undefined)).toEqual([]);
  });

  it("sends an own request id with every other request", async () => {
    const ids: (string | string[] | undefined)[] = [];
    const address = await serve((request, response) => {
      ids.push(request.headers["x-request-id"]);
      response.end(ANSWER);
    });
    const load = startLoad({
      address: () => address,
      questions: QUESTIONS,
      requestsPerSecond: 200,
      random: seededRandom(1),
      timeoutMs: 600,
    });
    await eventually(() => (ids.length >= 20 ? true : undefined), {
      timeoutMs: 2_000,
      what: "20 requests",
    });
    const outcomes = await load.stop();
    const own = outcomes.flatMap(({ sentId }) => sentId ?? []);
    expect(new Set(own)).toEqual(new Set(ids.filter((id) => id !== undefined)));
    expect(Math.abs(2 * own.length - outcomes.length)).toBeLessThanOrEqual(1);
  });
});

describe("throughput", () => {
  it("counts full answers of the measured time and no others", async () => {
    const address = await serve(
      (_request, response) => void pause(20).then(() => response.end(ANSWER)),
    );
    const failing = await serve((_request, response) => {
      response.statusCode = 503;
      void pause(5).then(() => response.end());
    });
    const options = { questions: QUESTIONS, inFlight: 2, warmUpMs: 50, countedMs: 500 };
    const good = await measureThroughput({ ...options, address, timeoutMs: 1_000 });
    const bad = await measureThroughput({ ...options, address: failing, timeoutMs: 1_000 });
    expect(good.answersPerSecond).toBeGreaterThan(20);
    expect(good.answersPerSecond).toBeLessThanOrEqual(2 / 0.02);
    expect(bad.answersPerSecond).toBe(0);
  });
});
